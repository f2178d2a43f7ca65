// Through an HTTP proxy to another host and port by CONNECT, with a login where the proxy asks for one: Basic with the user and
// password of the proxy, otherwise what the system can (proxy.hpp). What it is not: TLS; that comes after, through the proxy.
#pragma once

#include "shuttle/io/proxy.hpp"

#include <boost/asio/awaitable.hpp>

namespace shuttle::io {

// `socket` is connected to the proxy. The error is a sentence without credentials. No limit of its own.
[[nodiscard]] boost::asio::awaitable<Told<void>> connect_through(boost::asio::ip::tcp::socket& socket, const Proxy& proxy,
                                                                 core::HostPort target);

// "host:port", an IPv6 address in brackets.
[[nodiscard]] std::string authority(const core::HostPort& place);

}  // namespace shuttle::io
