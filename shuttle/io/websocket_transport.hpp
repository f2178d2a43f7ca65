// WebSocket over TLS as a transport: binary messages, nothing compressed, each frame of the multiplexer one message. Before the
// multiplexer it carries the messages of the identity protocol. What it is not: the judge of the peer's certificate or identity.
// Thread: the network thread. No wait has a limit of its own: whoever waits cancels or closes.
#pragma once

#include "shuttle/core/identity.hpp"
#include "shuttle/io/tls.hpp"
#include "shuttle/io/transport.hpp"

#include <memory>
#include <string>
#include <vector>

namespace shuttle::io {

// How a connection was ended, by the close messages of both sides.
struct WebSocketEnd {
    core::EndCode say = core::EndCode::orderly;  // to be told to the peer by say_goodbye()
    std::string say_text;                        // at most 120 bytes
    std::uint16_t heard = 0;                     // 0: nothing was
    std::string heard_text;
};

class WebSocketTransport final : public Transport {
public:
    struct Impl;
    explicit WebSocketTransport(std::unique_ptr<Impl> impl);
    ~WebSocketTransport() override;

    // Asks the server at the other end of `stream`, whose TLS is up, to speak our sub-protocol. The error is a sentence.
    [[nodiscard]] static boost::asio::awaitable<Told<std::unique_ptr<WebSocketTransport>>> ask(TlsStream stream, std::string host);

    boost::asio::awaitable<boost::system::result<std::size_t>> read(std::span<std::uint8_t> target) override;
    boost::asio::awaitable<boost::system::error_code> write(std::span<const std::uint8_t> message) override;
    [[nodiscard]] std::size_t worth_gathering() const noexcept override { return 1; }
    boost::asio::awaitable<void> say_goodbye() override;
    void close() noexcept override;

    // A whole message of the identity protocol; a longer one is an error.
    [[nodiscard]] boost::asio::awaitable<boost::system::result<std::vector<std::uint8_t>>> read_message();
    [[nodiscard]] const std::shared_ptr<WebSocketEnd>& end() const noexcept;  // outlives the transport
    [[nodiscard]] TlsStream& tls() noexcept;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace shuttle::io
