// Bare TCP as a transport, for tests and for peers on the same machine. What it is not: secret; a tunnel that leaves the
// machine goes through WebSocket over TLS.
#pragma once

#include "shuttle/io/transport.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace shuttle::io {

class TcpTransport final : public Transport {
public:
    // Takes a connected socket; sets TCP_NODELAY and what tune() sets.
    explicit TcpTransport(boost::asio::ip::tcp::socket socket);

    boost::asio::awaitable<boost::system::result<std::size_t>> read(std::span<std::uint8_t> target) override;
    boost::asio::awaitable<boost::system::error_code> write(std::span<const std::uint8_t> message) override;
    [[nodiscard]] std::size_t worth_gathering() const noexcept override { return 64 * 1024; }
    void finish() noexcept override;
    void close() noexcept override;

private:
    boost::asio::ip::tcp::socket socket_;
};

// Asks the system to keep little unsent (a ping waits behind all of it) and to give up a connection whose bytes are not
// acknowledged for 20 s. What a system does not offer is left out. The implementations are socket_options_*.cpp.
void tune(boost::asio::ip::tcp::socket& socket);

}  // namespace shuttle::io
