// A list of networks in CIDR notation and whether an address is in one of them. IPv4 addresses written as IPv6
// ("::ffff:10.0.0.1") count as IPv4. What it is not: a resolver of names.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/system/result.hpp>
#include <optional>
#include <string>
#include <vector>

namespace imc::auth {

// Without zone, IPv4-mapped ones as IPv4. Nothing: no address.
[[nodiscard]] std::optional<boost::asio::ip::address> plain_address(const std::string& text);

class Networks {
public:
    // The error is a sentence that names the entry.
    [[nodiscard]] static boost::system::result<Networks, std::string> parse(const std::vector<std::string>& cidrs);
    [[nodiscard]] bool contain(const boost::asio::ip::address& address) const;  // of plain_address()

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace imc::auth
