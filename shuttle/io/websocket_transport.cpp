#include "shuttle/io/tcp_transport.hpp"
#include "shuttle/io/websocket_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/fields.hpp>

namespace shuttle::io {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

constexpr std::size_t largest_message = 1024 * 1024;
constexpr std::size_t write_buffer = 20 * 1024;  // a frame of the multiplexer in one record

std::string refused(const websocket::response_type& response) {
    return "it answers " + std::to_string(response.result_int()) + " " + std::string(response.reason().substr(0, 60)) +
           " instead of speaking WebSocket; it is no relay, or something in between does not let WebSocket pass";
}

}  // namespace

void prepare(websocket::stream<TlsStream, false>& socket) {
    socket.binary(true);
    socket.auto_fragment(false);
    socket.write_buffer_bytes(write_buffer);
    socket.read_message_max(largest_message);
    socket.secure_prng(false);  // of masks, inside TLS
    socket.set_option(websocket::stream_base::timeout{websocket::stream_base::none(), websocket::stream_base::none(), false});
    auto& tcp = socket.next_layer().next_layer();
    error_code ignored;  // it is only slower without
    tcp.set_option(asio::ip::tcp::no_delay(true), ignored);
    tune(tcp);
}

WebSocketTransport::WebSocketTransport(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

WebSocketTransport::~WebSocketTransport() {
    close();
}

asio::awaitable<Told<std::unique_ptr<WebSocketTransport>>> WebSocketTransport::ask(TlsStream stream, std::string host) {
    using Result = Told<std::unique_ptr<WebSocketTransport>>;
    auto impl = std::make_unique<Impl>(std::move(stream));
    auto& socket = impl->socket;
    prepare(socket);
    auto decorate = [](websocket::request_type& request) {
        request.set(beast::http::field::sec_websocket_protocol, core::websocket_protocol);
        request.set(beast::http::field::user_agent, "imconnector");
    };
    socket.set_option(websocket::stream_base::decorator(decorate));
    websocket::response_type response;
    const auto [error] = co_await socket.async_handshake(response, host, core::websocket_path, asio::as_tuple(asio::use_awaitable));
    if (error == websocket::error::upgrade_declined) co_return Result(boost::system::in_place_error, refused(response));
    if (error) co_return Result(boost::system::in_place_error, "the WebSocket handshake failed: " + error.message());
    if (response[beast::http::field::sec_websocket_protocol] != core::websocket_protocol)
        co_return Result(boost::system::in_place_error, "what answers there speaks WebSocket but not the relay's protocol");
    co_return std::make_unique<WebSocketTransport>(std::move(impl));
}

asio::awaitable<boost::system::result<std::size_t>> WebSocketTransport::read(std::span<std::uint8_t> target) {
    auto& socket = impl_->socket;
    for (;;) {
        const auto buffer = asio::buffer(target.data(), target.size());
        const auto [error, bytes] = co_await socket.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
        if (error == websocket::error::closed) {
            impl_->end->heard = socket.reason().code;
            impl_->end->heard_text.assign(socket.reason().reason.data(), socket.reason().reason.size());
            co_return error_code(asio::error::eof);
        }
        if (error) co_return error;
        if (socket.got_text()) co_return error_code(asio::error::invalid_argument);
        if (bytes > 0) co_return bytes;  // an empty message is none
    }
}

asio::awaitable<error_code> WebSocketTransport::write(std::span<const std::uint8_t> message) {
    const auto buffer = asio::buffer(message.data(), message.size());
    const auto [error, bytes] = co_await impl_->socket.async_write(buffer, asio::as_tuple(asio::use_awaitable));
    co_return error;
}

asio::awaitable<boost::system::result<std::vector<std::uint8_t>>> WebSocketTransport::read_message() {
    std::vector<std::uint8_t> message(core::longest_message + 1);
    std::size_t have = 0;
    for (;;) {
        const auto got = co_await read(std::span(message).subspan(have));
        if (!got) co_return got.error();
        have += *got;
        if (have > core::longest_message) co_return error_code(asio::error::message_size);
        if (impl_->socket.is_message_done()) break;
    }
    message.resize(have);
    co_return message;
}

asio::awaitable<void> WebSocketTransport::say_goodbye() {
    if (impl_->closed || !impl_->socket.is_open()) co_return;
    const auto& end = *impl_->end;
    const websocket::close_reason reason(static_cast<websocket::close_code>(end.say),
                                         beast::string_view(end.say_text.data(), std::min<std::size_t>(end.say_text.size(), 120)));
    // Whether the peer hears it or not, the connection ends.
    co_await impl_->socket.async_close(reason, asio::as_tuple(asio::use_awaitable));
}

void WebSocketTransport::close() noexcept {
    if (!impl_ || impl_->closed) return;
    impl_->closed = true;
    auto& tcp = impl_->socket.next_layer().next_layer();
    error_code ignored;  // it is over either way
    tcp.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    tcp.close(ignored);
}

const std::shared_ptr<WebSocketEnd>& WebSocketTransport::end() const noexcept {
    return impl_->end;
}

TlsStream& WebSocketTransport::tls() noexcept {
    return impl_->socket.next_layer();
}

}  // namespace shuttle::io
