// What carries a tunnel's bytes: a connection that reads some and writes messages. Implementations: TcpTransport (bare TCP) and
// WebSocketTransport (WebSocket over TLS). What it is not: a buffer, or the one that decides what to send.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <span>

namespace shuttle::io {

// All functions belong to the network thread. One read and one write may be under way at the same time, not two of a kind.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    // Waits for bytes and gives how many of `target` are filled, never 0; asio::error::eof when the peer has ended orderly.
    // Where one message ends and the next begins means nothing.
    virtual boost::asio::awaitable<boost::system::result<std::size_t>> read(std::span<std::uint8_t> target) = 0;
    // Writes the whole message; `message` must stay until then. There is no limit of time: who waits may close().
    virtual boost::asio::awaitable<boost::system::error_code> write(std::span<const std::uint8_t> message) = 0;
    // How many bytes are worth gathering for one message; frames are never cut for it. 1: each frame is a message.
    [[nodiscard]] virtual std::size_t worth_gathering() const noexcept = 0;
    // Tells the peer why, where the carrier has words for it; behind all writes, and whoever waits may close().
    virtual boost::asio::awaitable<void> say_goodbye() { co_return; }
    // No more is written; reading goes on. Does nothing where the carrier cannot tell.
    virtual void finish() noexcept {}
    // At once: what waits in read() and write() ends with an error. May be called again.
    virtual void close() noexcept = 0;
};

}  // namespace shuttle::io
