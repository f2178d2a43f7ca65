#include "agent/api/connection.hpp"

#include "agent/api/tls_context.hpp"

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <ctime>

namespace imc::api {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using boost::system::error_code;

constexpr const char* weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t read_piece = 4'096;

std::string two(int n) { return {static_cast<char>('0' + n / 10 % 10), static_cast<char>('0' + n % 10)}; }

bool closed_by_peer(const error_code& error) {
    return error == http::error::end_of_stream || error == boost::asio::error::eof || error == boost::asio::error::connection_reset ||
           error == boost::asio::ssl::error::stream_truncated || error == http::error::partial_message;
}

}  // namespace

const std::string& Shared::date() {
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    if (now == date_second_) return date_;
    date_second_ = now;
    const auto days = now / 86'400;
    const auto time = static_cast<int>(now % 86'400);
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    date_ = std::string(weekdays[(days + 4) % 7]) + ", " + two(static_cast<int>(static_cast<unsigned>(date.day()))) + " " +
            months[static_cast<unsigned>(date.month()) - 1] + " " + std::to_string(static_cast<int>(date.year())) + " " + two(time / 3600) + ":" +
            two(time / 60 % 60) + ":" + two(time % 60) + " GMT";
    return date_;
}

Connection::Connection(boost::asio::ip::tcp::socket socket, std::string remote, std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)),
      context_(shared_->context),
      stream_(std::move(socket), *context_),
      buffer_(static_cast<std::size_t>(shared_->limits.max_header_bytes) + read_piece),
      remote_(std::move(remote)) {
    error_code ignored;  // a socket that cannot be told so is only slower
    beast::get_lowest_layer(stream_).socket().set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

void Connection::limit(std::int64_t seconds) { beast::get_lowest_layer(stream_).expires_after(std::chrono::seconds(seconds)); }

void Connection::close() { beast::get_lowest_layer(stream_).close(); }

boost::asio::awaitable<void> Connection::run() {
    if (!co_await handshake()) co_return;
    for (std::int64_t count = 1; !shared_->stopping; ++count) {
        if (!co_await first_bytes()) break;
        if (co_await exchange(count >= shared_->limits.max_requests_per_connection) == Next::end) break;
    }
    co_await shutdown();
}

boost::asio::awaitable<bool> Connection::handshake() {
    limit(shared_->limits.handshake_timeout);
    error_code error;
    co_await stream_.async_handshake(boost::asio::ssl::stream_base::server, redirect_error(use_awaitable, error));
    if (error) {
        ++(error == beast::error::timeout ? shared_->counters.timeouts : shared_->counters.handshake_failures);
        close();
        co_return false;
    }
    client_ = client_subject(stream_.native_handle());
    co_return true;
}

// Between requests a peer may be silent for long; within one it may not.
boost::asio::awaitable<bool> Connection::first_bytes() {
    if (buffer_.size() > 0) co_return true;
    limit(shared_->limits.idle_timeout);
    error_code error;
    const auto read = co_await stream_.async_read_some(buffer_.prepare(read_piece), redirect_error(use_awaitable, error));
    buffer_.commit(read);
    co_return !error;
}

boost::asio::awaitable<error_code> Connection::read(Parser& parser) {
    parser.header_limit(static_cast<std::uint32_t>(shared_->limits.max_header_bytes));
    parser.body_limit(static_cast<std::uint64_t>(shared_->limits.max_body_bytes));
    error_code error;
    limit(shared_->limits.header_timeout);
    co_await http::async_read_header(stream_, buffer_, parser, redirect_error(use_awaitable, error));
    if (error || parser.is_done()) co_return error;
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        if (!co_await write(boost::asio::buffer(go_on))) co_return boost::asio::error::connection_reset;
    }
    limit(shared_->limits.body_timeout);
    co_await http::async_read(stream_, buffer_, parser, redirect_error(use_awaitable, error));
    co_return error;
}

boost::asio::awaitable<Connection::Next> Connection::exchange(bool last) {
    Parser parser;
    if (const auto error = co_await read(parser); error) co_return co_await refuse(error);
    Message message = parser.release();
    const bool http_1_0 = message.version() < 11;
    ++shared_->counters.requests;
    auto request = request_of(message);
    Response response;
    bool keep = message.keep_alive() && !last && !shared_->stopping;
    if (!request) {
        request.emplace();
        request->method = "GET";
        keep = false;
        response = problem(400, "bad-target", "Malformed request target", "The path or query has bad escapes, invalid UTF-8 or too many parts.");
    } else {
        response = co_await answer(message, *request);
    }
    const bool sent = co_await send(response, *request, keep, http_1_0);
    co_return sent && keep && !response.feed ? Next::again : Next::end;
}

boost::asio::awaitable<Response> Connection::answer(const Message& message, Request& request) {
    request.remote = remote_;
    const auto authorization = message[http::field::authorization];
    if (!authorization.empty() || !client_.empty()) {
        Credentials credentials{remote_, std::string(authorization.data(), authorization.size()), client_};
        request.principal = co_await shared_->authenticate(std::move(credentials));
        if (request.principal.scope == Scope::none) ++shared_->counters.unauthenticated;
    }
    try {
        co_return co_await shared_->handler(request);
    } catch (const boost::system::system_error& error) {
        if (error.code() == boost::asio::error::operation_aborted) throw;
    } catch (const std::exception&) {
        // What a handler throws may hold what the caller must not see.
    }
    co_return problem(500, "internal", "Internal error", "The agent could not answer; its log says more.");
}

// A request that cannot be read: told why where the connection still allows it.
boost::asio::awaitable<Connection::Next> Connection::refuse(error_code error) {
    if (error == beast::error::timeout) {
        ++shared_->counters.timeouts;
        co_return Next::end;
    }
    if (closed_by_peer(error) || error == boost::asio::error::operation_aborted) co_return Next::end;
    Response response;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        ++shared_->counters.too_large;
        response = problem(431, "header-too-large", "Header too large", "The header is larger than api.max_header_bytes allows.");
    } else if (error == http::error::body_limit) {
        ++shared_->counters.too_large;
        response = problem(413, "body-too-large", "Body too large", "The body is larger than api.max_body_bytes allows.");
    } else if (error.category() == http::make_error_code(http::error::bad_method).category()) {
        response = problem(400, "bad-request", "Malformed request", "The request is not HTTP/1.1 as RFC 9112 has it.");
    } else {
        co_return Next::end;
    }
    ++shared_->counters.requests;
    Request request;
    request.method = "GET";
    co_await send(response, request, false, false);
    co_return Next::end;
}

boost::asio::awaitable<bool> Connection::send(Response& response, const Request& request, bool keep_alive, bool http_1_0) {
    if (response.feed && static_cast<std::int64_t>(shared_->counters.open_feeds) >= shared_->limits.max_event_streams) {
        response = problem(503, "too-many-feeds", "Too many live feeds", "As many feeds are open as api.max_event_streams allows.");
        response.headers.emplace_back("Retry-After", "30");
    }
    const BodyKind kind = settle_body(response, request);
    ++shared_->counters.responses[response.status];
    const auto header = header_text(response, kind, shared_->date(), keep_alive && !response.feed, http_1_0);
    const auto& body = kind == BodyKind::gzip ? response.body_gzip : response.body;
    const bool with_body = body && (kind == BodyKind::plain || kind == BodyKind::gzip) && request.method != "HEAD";
    const auto sent = with_body ? boost::asio::buffer(*body) : boost::asio::const_buffer();
    if (!co_await write(boost::asio::buffer(header), sent)) co_return false;
    if (kind == BodyKind::chunked && request.method != "HEAD") co_await feed(response, !http_1_0);
    co_return true;
}

boost::asio::awaitable<bool> Connection::write(boost::asio::const_buffer first, boost::asio::const_buffer second) {
    limit(shared_->limits.write_timeout);
    error_code error;
    const std::array<boost::asio::const_buffer, 2> both{first, second};
    co_await boost::asio::async_write(stream_, both, redirect_error(use_awaitable, error));
    if (error == beast::error::timeout) ++shared_->counters.timeouts;
    co_return !error;
}

boost::asio::awaitable<void> Connection::feed(Response& response, bool chunked) {
    struct Open {
        explicit Open(std::uint64_t& open) : count(open) { ++count; }
        ~Open() { --count; }
        Open(const Open&) = delete;
        Open& operator=(const Open&) = delete;
        std::uint64_t& count;
    };
    const Open open(shared_->counters.open_feeds);
    const auto feed = response.feed;
    while (!shared_->stopping) {
        beast::get_lowest_layer(stream_).expires_never();  // next() has its own limit
        auto text = co_await feed->next();
        if (!text) break;
        if (text->empty()) *text = ": \n\n";
        if (chunked) {
            static constexpr char digits[] = "0123456789abcdef";
            std::string size;
            for (auto rest = text->size(); rest > 0; rest /= 16) size.insert(size.begin(), digits[rest % 16]);
            *text = size + "\r\n" + *text + "\r\n";
        }
        if (!co_await write(boost::asio::buffer(*text))) co_return;
    }
    static constexpr std::string_view end = "0\r\n\r\n";
    if (chunked) co_await write(boost::asio::buffer(end));
}

boost::asio::awaitable<void> Connection::shutdown() {
    limit(2);
    error_code ignored;  // the peer may be gone; either way the socket is closed next
    co_await stream_.async_shutdown(redirect_error(use_awaitable, ignored));
    close();
}

}  // namespace imc::api
