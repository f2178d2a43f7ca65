// TLS over TCP as a transport of bytes, for the portal's side of the relay. What it is not: a handshake; the stream's is done.
#pragma once

#include "shuttle/io/tls.hpp"
#include "shuttle/io/transport.hpp"

namespace shuttle::io {

class TlsTransport final : public Transport {
public:
    explicit TlsTransport(TlsStream& stream) : stream_(stream) {}  // must outlive it

    boost::asio::awaitable<boost::system::result<std::size_t>> read(std::span<std::uint8_t> target) override;
    boost::asio::awaitable<boost::system::error_code> write(std::span<const std::uint8_t> message) override;
    [[nodiscard]] std::size_t worth_gathering() const noexcept override { return 16 * 1024; }
    void close() noexcept override;

private:
    TlsStream& stream_;
};

}  // namespace shuttle::io
