// Networks that somebody may come from, in CIDR: "192.0.2.0/24", "2001:db8::/32", or single addresses. What it is not: identity; who has
// an address of these is let in. Pure.
#pragma once

#include "shuttle/relay/told.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace shuttle::relay {

class AllowList {
public:
    // The error is the entry that is none. A network with bits beyond its prefix is none: it was meant differently.
    [[nodiscard]] static Told<AllowList> parse(const std::vector<std::string>& entries);
    // Of an address without port and zone; IPv4 in IPv6 counts as IPv4.
    [[nodiscard]] bool contains(std::string_view address) const;

private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace shuttle::relay
