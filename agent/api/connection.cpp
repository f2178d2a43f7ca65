#include "agent/api/connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <ctime>

namespace imc::api {
namespace {

namespace asio = boost::asio;
using State = RequestReader::State;

constexpr std::int64_t end_patience = 2;         // seconds
constexpr std::uint64_t strangers_body = 4'096;  // bytes that are taken from a caller whom nobody knows
constexpr std::size_t tls_record = 16'384;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

const std::string& Shared::date() {
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    if (now != date_second_) {
        date_second_ = now;
        date_ = http_date(now);
    }
    return date_;
}

Connection::Connection(asio::ip::tcp::socket socket, std::string remote, std::shared_ptr<Shared> shared)
    : shared_(std::move(shared)),
      channel_(std::make_shared<Channel>(std::move(socket), shared_->context)),
      reader_(static_cast<std::size_t>(shared_->limits.max_header_bytes), static_cast<std::size_t>(shared_->limits.max_body_bytes)),
      remote_(std::move(remote)) {}

void Connection::stop() {
    if (!answering_) channel_->close();
}

asio::awaitable<void> Connection::run() {
    channel_->limit(shared_->limits.handshake_timeout);
    if (!co_await channel_->handshake()) {
        ++(channel_->expired() ? shared_->counters.timeouts : shared_->counters.handshake_failures);
        channel_->close();
        co_return;
    }
    client_ = channel_->client_subject();
    for (std::int64_t count = 1; !shared_->stopping; ++count) {
        if (!co_await exchange(count >= shared_->limits.max_requests_per_connection)) break;
        // Requests that arrived together must not keep other connections waiting.
        if (reader_.state() != State::idle) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    }
    co_await channel_->end(end_patience);
}

// One request and its answer; whether the connection goes on.
asio::awaitable<bool> Connection::exchange(bool last) {
    principal_.reset();
    if (co_await receive() == Received::nothing) co_return false;
    channel_->no_limit();
    ++shared_->counters.requests;
    answering_ = true;
    if (!principal_) co_await identify();
    auto& head = reader_.head();
    Request request = std::move(head.request);
    request.remote = remote_;
    request.principal = *principal_;
    Request asked;  // what writing the answer needs to know of it
    asked.method = request.method;
    asked.if_none_match = request.if_none_match;
    asked.accepts_gzip = request.accepts_gzip;
    auto response = co_await answer(std::move(request));
    const bool keep = head.keep_alive && !last && !shared_->stopping && !response.feed;
    const Delivery delivery{BodyKind::none, keep, head.http_1_0};
    const bool sent = co_await send(response, asked, delivery);
    answering_ = false;
    reader_.next();
    co_return sent&& keep;
}

asio::awaitable<Connection::Received> Connection::receive() {
    State state = reader_.state();
    State limited = State::complete;  // the state that the running limit is for
    while (state != State::complete && state != State::refused) {
        if (state != limited) {
            const auto& limits = shared_->limits;
            if (state == State::body && !co_await begin_body()) co_return Received::nothing;
            channel_->limit(state == State::idle   ? limits.idle_timeout
                            : state == State::head ? limits.header_timeout
                                                   : limits.body_timeout);
            limited = state;
        }
        const auto got = co_await channel_->read(shared_->scratch);
        if (got == 0) {
            if (channel_->expired()) co_await time_out(state);
            co_return Received::nothing;
        }
        state = reader_.put({shared_->scratch.data(), got});
    }
    if (state == State::complete) co_return Received::request;
    const auto& why = reader_.refused();
    if (why.status == 413 || why.status == 414 || why.status == 431) ++shared_->counters.too_large;
    auto response = problem(why.status, why.type, why.title, why.detail);
    co_await refuse(std::move(response));
    co_return Received::nothing;
}

// Nobody's large bodies are not even read, and whoever waits for a word to send one gets it.
asio::awaitable<bool> Connection::begin_body() {
    channel_->no_limit();
    co_await identify();
    const auto& head = reader_.head();
    const bool large = head.framing == Framing::chunked || head.length > strangers_body;
    if (principal_->scope == Scope::none && large) {
        auto response = problem(401, "unauthorized", "No valid token", "Send \"Authorization: Bearer TOKEN\" with a token of this agent.");
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        co_await refuse(std::move(response));
        co_return false;
    }
    if (!head.expects_continue || !head.request.body.empty()) co_return true;
    co_return co_await channel_->write(go_on, shared_->limits.write_timeout);
}

asio::awaitable<void> Connection::time_out(State state) {
    if (state == State::idle) co_return;  // no request was begun
    ++shared_->counters.timeouts;
    auto response = problem(408, "timeout", "Request too slow", "The request did not arrive within its limit of time.");
    co_await refuse(std::move(response));
}

asio::awaitable<void> Connection::identify() {
    principal_.emplace();
    const auto& authorization = reader_.head().authorization;
    if (authorization.empty() && client_.empty()) co_return;
    Credentials credentials{remote_, authorization, client_};
    *principal_ = co_await shared_->authenticate(std::move(credentials));
    if (principal_->scope == Scope::none) ++shared_->counters.unauthenticated;
}

// The answer to what is no request, behind which the connection ends.
asio::awaitable<void> Connection::refuse(Response response) {
    ++shared_->counters.requests;
    answering_ = true;
    const Request nothing;
    const Delivery last;
    co_await send(response, nothing, last);
    answering_ = false;
}

asio::awaitable<Response> Connection::answer(Request request) {
    std::string what;
    const auto method = request.method;
    try {
        co_return co_await shared_->handler(std::move(request));
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted) throw;
        what = error.what();
    } catch (const std::exception& error) {
        what = error.what();
    }
    if (shared_->failed) shared_->failed(method + " request: " + what);
    co_return problem(500, "internal", "Internal error", "The agent could not answer; its log says more.");
}

asio::awaitable<bool> Connection::send(Response& response, const Request& request, Delivery delivery) {
    if (response.feed && static_cast<std::int64_t>(shared_->counters.open_feeds) >= shared_->limits.max_event_streams) {
        response = problem(503, "too-many-feeds", "Too many live feeds", "As many feeds are open as api.max_event_streams allows.");
        response.headers.emplace_back("Retry-After", "30");
    }
    delivery.body = settle_body(response, request);
    ++shared_->counters.responses[response.status];
    auto text = header_text(response, delivery, shared_->date());
    const auto& body = delivery.body == BodyKind::gzip ? response.body_gzip : response.body;
    std::string_view rest;
    if (body && delivery.body != BodyKind::none && delivery.body != BodyKind::feed && request.method != "HEAD") rest = *body;
    // Header and beginning of the body in one record; the rest goes as it lies in the cache.
    if (text.size() < tls_record) {
        const auto first = rest.substr(0, tls_record - text.size());
        text.append(first);
        rest.remove_prefix(first.size());
    }
    const auto patience = shared_->limits.write_timeout;
    const bool sent = co_await channel_->write(text, patience) && co_await channel_->write(rest, patience);
    if (!sent && channel_->expired()) ++shared_->counters.timeouts;
    if (sent && delivery.body == BodyKind::feed && request.method != "HEAD") co_await feed(response.feed, !delivery.http_1_0);
    co_return sent;
}

}  // namespace imc::api
