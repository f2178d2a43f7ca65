#include "shuttle/relay/allow_list.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace shuttle::relay {

namespace ip = boost::asio::ip;
using boost::system::error_code;

Told<AllowList> AllowList::parse(const std::vector<std::string>& entries) {
    AllowList list;
    for (const auto& entry : entries) {
        const bool v6 = entry.find(':') != std::string::npos;
        const bool single = entry.find('/') == std::string::npos;
        error_code error;
        // Digits and dots alone: what else the system's readers take for an IPv4 address has no place here.
        const bool plain =
            v6 || (entry.find_first_not_of("0123456789./") == std::string::npos && std::count(entry.begin(), entry.end(), '.') == 3);
        if (v6) {
            const auto network = ip::make_network_v6(single ? entry + "/128" : entry, error);
            if (!error && network != network.canonical()) error = make_error_code(boost::system::errc::invalid_argument);
            if (!error) list.v6_.push_back(network);
        } else {
            const auto network = ip::make_network_v4(single ? entry + "/32" : entry, error);
            if (!error && network != network.canonical()) error = make_error_code(boost::system::errc::invalid_argument);
            if (!error) list.v4_.push_back(network);
        }
        if (error || !plain) return Told<AllowList>(boost::system::in_place_error, entry);
    }
    return list;
}

bool AllowList::contains(std::string_view text) const {
    error_code error;
    auto address = ip::make_address(std::string(text), error);
    if (error) return false;
    if (address.is_v6() && address.to_v6().is_v4_mapped()) address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
    if (address.is_v4()) {
        const auto inside = [&](const ip::network_v4& network) {
            return ip::network_v4(address.to_v4(), network.prefix_length()).canonical() == network;
        };
        return std::any_of(v4_.begin(), v4_.end(), inside);
    }
    const auto inside = [&](const ip::network_v6& network) {
        return ip::network_v6(address.to_v6(), network.prefix_length()).canonical() == network;
    };
    return std::any_of(v6_.begin(), v6_.end(), inside);
}

}  // namespace shuttle::relay
