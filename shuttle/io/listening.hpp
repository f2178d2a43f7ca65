// Acceptors on addresses in text. listening.cpp, and one option each in listening_posix.cpp and listening_win32.cpp.
// What it is not: accepting.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>
#include <string>

namespace shuttle::io {

// "0.0.0.0:8443", "[::1]:0". IPv6 ones are v6-only. The error is a sentence that names the address.
[[nodiscard]] boost::system::result<boost::asio::ip::tcp::acceptor, std::string> listen_on(const boost::asio::any_io_executor& network,
                                                                                           const std::string& address);
[[nodiscard]] std::string text_of(const boost::asio::ip::tcp::endpoint& endpoint);       // with port
[[nodiscard]] std::string address_text(const boost::asio::ip::tcp::endpoint& endpoint);  // without port and zone, IPv4 where mapped

// So that a restart finds its port free, and no other program can share it.
void claim_address(boost::asio::ip::tcp::acceptor& acceptor, boost::system::error_code& error);

}  // namespace shuttle::io
