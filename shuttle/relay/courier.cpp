#include "shuttle/relay/courier.hpp"

#include "shuttle/io/wait.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <charconv>

namespace shuttle::relay {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr std::size_t largest_head = 16 * 1024;
constexpr std::int64_t longest_retry = 3'600;

Attempt failed(std::string why) {
    return {false, std::move(why), 0};
}

std::string head_of(const HookUrl& url, const Courier& courier, const Message& message, const std::string& signed_by, std::int64_t now) {
    return "POST " + url.target + " HTTP/1.1\r\nHost: " + url.authority + "\r\nUser-Agent: " + courier.sender +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(message.body.size()) +
           "\r\nwebhook-id: " + message.id + "\r\nwebhook-timestamp: " + std::to_string(now) + "\r\nwebhook-signature: " + signed_by +
           "\r\nConnection: close\r\n\r\n";
}

// Of the head alone: what follows is nobody's business.
template <class Stream>
asio::awaitable<Attempt> converse(Stream& stream, const std::string& request) {
    const auto [unsent, sent] = co_await asio::async_write(stream, asio::buffer(request), asio::as_tuple(asio::use_awaitable));
    if (unsent) co_return failed("the request could not be sent: " + unsent.message());
    beast::flat_buffer buffer(largest_head);
    http::response_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(largest_head));
    parser.skip(true);
    const auto [unread, got] = co_await http::async_read_header(stream, buffer, parser, asio::as_tuple(asio::use_awaitable));
    if (unread) co_return failed("there was no answer of HTTP: " + unread.message());
    const unsigned status = parser.get().result_int();
    Attempt attempt;
    attempt.delivered = status >= 200 && status < 300;
    attempt.outcome = std::to_string(status);
    if (status >= 300 && status < 400) attempt.outcome += ": redirects are not followed";
    const auto after = parser.get()[http::field::retry_after];
    std::int64_t seconds = 0;
    if (std::from_chars(after.data(), after.data() + after.size(), seconds).ec == std::errc())
        attempt.retry_after = std::clamp<std::int64_t>(seconds, 0, longest_retry);
    co_return attempt;
}

asio::awaitable<Attempt> attempt(const Courier& courier, const HookUrl& url, const std::string& request) {
    const auto executor = co_await asio::this_coro::executor;
    tcp::resolver resolver(executor);
    const auto [unknown, places] = co_await resolver.async_resolve(url.host, url.port, asio::as_tuple(asio::use_awaitable));
    if (unknown) co_return failed("the host is not known: " + unknown.message());
    tcp::socket socket(executor);
    const auto [unconnected, place] = co_await asio::async_connect(socket, places, asio::as_tuple(asio::use_awaitable));
    if (unconnected) co_return failed("no connection: " + unconnected.message());
    if (!url.tls) co_return co_await converse(socket, request);
    auto context = io::client_context(courier.ca_file);
    if (!context) co_return failed(context.error());
    io::TlsStream stream(std::move(socket), **context);
    io::expect_host(stream, url.host);
    const auto [unshaken] = co_await stream.async_handshake(asio::ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
    if (unshaken) co_return failed("no TLS: " + unshaken.message());
    const auto seen = io::seen_certificate(stream);
    if (!seen.problem.empty()) co_return failed("its certificate, by " + seen.issuer + ", is not trusted: " + seen.problem);
    co_return co_await converse(stream, request);
}

}  // namespace

asio::awaitable<Attempt> deliver(Courier courier, HookRecord hook, Message message, std::chrono::seconds limit) {
    const auto url = parse_hook_url(hook.url);
    if (!url) co_return failed(url.error());
    const auto secret = secret_bytes(hook.secret);
    if (!secret) co_return failed(secret.error());
    const auto now = unix_now();
    const auto signed_by = signature(*secret, message.id, now, message.body);
    const std::string request = head_of(*url, courier, message, signed_by, now) + message.body;
    auto outcome = co_await io::within(limit, attempt(courier, *url, request));
    if (!outcome) co_return failed("no answer within " + std::to_string(limit.count()) + " s");
    co_return std::move(*outcome);
}

}  // namespace shuttle::relay
