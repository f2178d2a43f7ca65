// One TLS connection to a server whose certificate is known by its SHA-256, for one question at a time. What it is
// not: a pool, and it follows nothing and retries nothing.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace imc::cli {

using Request = boost::beast::http::request<boost::beast::http::string_body>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

class Connection {
public:
    explicit Connection(boost::asio::ssl::context& tls);
    // Each step waits 30 seconds at most. After an error the connection is of no use.
    [[nodiscard]] boost::system::error_code open(const boost::asio::ip::tcp::endpoint& where);
    // SHA-256 of the certificate that the other side has shown: 64 lower-case hexadecimal digits; empty: none.
    [[nodiscard]] std::string fingerprint() const;
    [[nodiscard]] boost::system::error_code ask(const Request& request, Response& response);

private:
    template <class Start>
    [[nodiscard]] boost::system::error_code wait(Start start);

    boost::asio::io_context network_{1};
    boost::beast::ssl_stream<boost::beast::tcp_stream> stream_;
    boost::beast::flat_buffer buffer_;
};

}  // namespace imc::cli
