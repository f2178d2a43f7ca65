#include "shuttle/io/websocket_accept.hpp"

#include "shuttle/io/websocket_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

namespace shuttle::io {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

namespace {

constexpr std::uint32_t largest_head = 8 * 1024;

using Request = http::request<http::empty_body>;

bool offers_ours(const Request& request) {
    http::token_list offered(request[http::field::sec_websocket_protocol]);
    return offered.exists(core::websocket_protocol);
}

// Why a request is not taken; status 0: it is.
struct Refusal {
    http::status status = http::status::unknown;
    std::string says;
};

Refusal look_at(const Request& request) {
    if (!websocket::is_upgrade(request)) return {http::status::upgrade_required, "This is a relay for agents; it speaks WebSocket."};
    if (request.target() != core::websocket_path) return {http::status::not_found, "There is nothing here."};
    if (request.count(http::field::origin) > 0) return {http::status::forbidden, "This is not for browsers."};
    if (!offers_ours(request))
        return {http::status::bad_request, "This relay speaks " + std::string(core::websocket_protocol) + ", which was not offered."};
    return {};
}

}  // namespace

asio::awaitable<Told<std::unique_ptr<WebSocketTransport>>> accept_websocket(TlsStream stream) {
    using Result = Told<std::unique_ptr<WebSocketTransport>>;
    auto impl = std::make_unique<WebSocketTransport::Impl>(std::move(stream));
    prepare(impl->socket);
    beast::flat_buffer buffer(largest_head);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(largest_head);
    const auto [unread, head] =
        co_await http::async_read_header(impl->socket.next_layer(), buffer, parser, asio::as_tuple(asio::use_awaitable));
    if (unread) co_return Result(boost::system::in_place_error, "no request came: " + unread.message());
    const Request request = parser.release();
    Refusal refusal = look_at(request);
    if (refusal.says.empty() && buffer.size() > 0) refusal = {http::status::bad_request, "More came than a request."};
    if (!refusal.says.empty()) {
        http::response<http::string_body> response(refusal.status, 11, refusal.says + "\n");
        response.set(http::field::content_type, "text/plain");
        if (refusal.status == http::status::upgrade_required) response.set(http::field::upgrade, "websocket");
        response.keep_alive(false);
        response.prepare_payload();
        co_await http::async_write(impl->socket.next_layer(), response, asio::as_tuple(asio::use_awaitable));
        co_return Result(boost::system::in_place_error, std::move(refusal.says));
    }
    auto decorate = [](websocket::response_type& response) {
        response.set(http::field::sec_websocket_protocol, core::websocket_protocol);
        response.set(http::field::server, "imshuttle");
    };
    impl->socket.set_option(websocket::stream_base::decorator(decorate));
    const auto [error] = co_await impl->socket.async_accept(request, asio::as_tuple(asio::use_awaitable));
    if (error) co_return Result(boost::system::in_place_error, "the WebSocket handshake failed: " + error.message());
    co_return std::make_unique<WebSocketTransport>(std::move(impl));
}

}  // namespace shuttle::io
