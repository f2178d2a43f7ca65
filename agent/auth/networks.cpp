#include "agent/auth/networks.hpp"

#include "agent/config/address.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>

namespace imc::auth {

namespace ip = boost::asio::ip;

namespace {

// ::ffff:a.b.c.d is how IPv4 callers look on a socket for both families; they are compared as IPv4.
constexpr unsigned short mapped_bits = 96;

}  // namespace

std::optional<ip::address> plain_address(const std::string& text) {
    boost::system::error_code error;
    auto address = ip::make_address(text, error);
    if (error) return std::nullopt;
    if (!address.is_v6()) return address;
    auto v6 = address.to_v6();
    if (v6.is_v4_mapped()) return ip::address(ip::make_address_v4(ip::v4_mapped, v6));
    v6.scope_id(0);
    return ip::address(v6);
}

boost::system::result<Networks, std::string> Networks::parse(const std::vector<std::string>& cidrs) {
    Networks networks;
    for (const auto& cidr : cidrs) {
        boost::system::error_code error;
        // The system's own reader is generous on Windows: "10.0.0" would be 10.0.0.0 there.
        if (!config::parse_address(std::string_view(cidr).substr(0, cidr.find('/')))) {
            error = boost::asio::error::invalid_argument;
        } else if (cidr.find(':') == std::string::npos) {
            const auto network = ip::make_network_v4(cidr, error);
            if (!error) networks.v4_.push_back(network.canonical());
        } else {
            const auto network = ip::make_network_v6(cidr, error);
            const bool mapped = !error && network.address().is_v4_mapped() && network.prefix_length() >= mapped_bits;
            if (mapped) {
                const auto bits = static_cast<unsigned short>(network.prefix_length() - mapped_bits);
                networks.v4_.push_back(ip::network_v4(ip::make_address_v4(ip::v4_mapped, network.address()), bits).canonical());
            } else if (!error) {
                networks.v6_.push_back(network.canonical());
            }
        }
        if (error) return "\"" + cidr + "\" is no network; write it as address/prefix, such as 10.0.0.0/8 or fd00::/8";
    }
    return networks;
}

bool Networks::contain(const ip::address& address) const {
    const auto holds4 = [&](const ip::network_v4& network) {
        return ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network;
    };
    const auto holds6 = [&](const ip::network_v6& network) {
        return ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network;
    };
    if (address.is_v4()) return std::any_of(v4_.begin(), v4_.end(), holds4);
    return std::any_of(v6_.begin(), v6_.end(), holds6);
}

}  // namespace imc::auth
