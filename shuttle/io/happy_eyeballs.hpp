// Connects to the first of several addresses that answers: families in turn, each a quarter of a second after the one before or
// as soon as that one fails (RFC 8305). What it is not: a resolver.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>
#include <vector>

namespace shuttle::io {

// The order in which to try them, at most twelve: as the resolver has them, but IPv6 and IPv4 in turns.
[[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint> interleaved(const std::vector<boost::asio::ip::tcp::endpoint>& found);

// The error is that of the first address. Without a limit of its own: whoever waits may cancel.
[[nodiscard]] boost::asio::awaitable<boost::system::result<boost::asio::ip::tcp::socket>> connect_first(
    std::vector<boost::asio::ip::tcp::endpoint> addresses);

}  // namespace shuttle::io
