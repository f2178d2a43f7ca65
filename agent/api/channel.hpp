// One TLS connection as a stream of bytes: handshake, read and write, each within the limit of time set before. OpenSSL
// writes straight to the socket, so that an idle connection holds no buffers. What it is not: HTTP.
// Thread: the network thread; one reader and one writer, which may be different coroutines.
#pragma once

#include "agent/api/tls_context.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace imc::api {

class Channel : public std::enable_shared_from_this<Channel> {
public:
    Channel(boost::asio::ip::tcp::socket socket, TlsContext context);
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;
    ~Channel();

    // From now on; when it passes, what waits gives up and expired() is true. A new limit replaces it.
    void limit(std::int64_t seconds);
    void no_limit();
    [[nodiscard]] bool expired() const { return expired_; }

    // A peer that speaks plain HTTP is told so.
    [[nodiscard]] boost::asio::awaitable<bool> handshake();
    // 0: the peer has left, the limit has passed, or close(). `into` is written to only just before it returns.
    [[nodiscard]] boost::asio::awaitable<std::size_t> read(std::span<char> into);
    // False: not all could be written. `patience`: seconds that the peer may take nothing; this is its limit.
    [[nodiscard]] boost::asio::awaitable<bool> write(std::string_view bytes, std::int64_t patience);
    // Says goodbye, and waits up to `seconds` for the peer to read what was written and leave.
    [[nodiscard]] boost::asio::awaitable<void> end(std::int64_t seconds);
    void close();                                      // at once; what waits gives up
    [[nodiscard]] std::string client_subject() const;  // of its verified certificate, RFC 2253; empty without one

private:
    struct FreeSsl {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    [[nodiscard]] boost::asio::awaitable<bool> retry(int result);
    [[nodiscard]] boost::asio::awaitable<bool> ready(boost::asio::ip::tcp::socket::wait_type what);
    void watch();

    boost::asio::ip::tcp::socket socket_;
    TlsContext context_;  // outlives the connection, even when the server takes another
    std::unique_ptr<SSL, FreeSsl> ssl_;
    boost::asio::steady_timer watch_;
    std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::time_point::max();
    std::chrono::steady_clock::time_point armed_ = std::chrono::steady_clock::time_point::max();
    bool expired_ = false;
    bool broken_ = false;  // TLS cannot go on
};

}  // namespace imc::api
