#include "agent/api/channel.hpp"

#include "agent/api/socket_bio.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <new>
#include <openssl/err.h>

namespace imc::api {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t write_piece = 65'536;
constexpr std::size_t write_turn = 262'144;  // bytes after which other connections get their turn
constexpr std::size_t most_drained = 4'194'304;
constexpr std::string_view speak_tls =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 38\r\nConnection: close\r\n\r\n"
    "This port speaks HTTPS; use https://.\n";

bool is_plain_http() {
    const auto error = ERR_peek_error();
    return ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_HTTP_REQUEST;
}

}  // namespace

Channel::Channel(tcp::socket socket, TlsContext context)
    : socket_(std::move(socket)), context_(std::move(context)), ssl_(SSL_new(context_.get())), watch_(socket_.get_executor()) {
    error_code ignored;  // without it the connection is only slower
    socket_.set_option(tcp::no_delay(true), ignored);
    error_code error;
    socket_.non_blocking(true, error);
    BIO* bio = ssl_ && !error ? socket_bio(socket_) : nullptr;
    if (bio == nullptr) throw std::bad_alloc();
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_accept_state(ssl_.get());
}

Channel::~Channel() = default;

void Channel::limit(std::int64_t seconds) {
    expired_ = false;
    due_ = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    if (due_ < armed_) watch();
}

void Channel::no_limit() {
    due_ = std::chrono::steady_clock::time_point::max();
}

// One timer for all limits: a later limit is seen when the timer of an earlier one ends.
void Channel::watch() {
    armed_ = due_;
    watch_.expires_at(armed_);
    watch_.async_wait([weak = weak_from_this()](error_code error) {
        const auto self = weak.lock();
        if (error || !self) return;
        self->armed_ = std::chrono::steady_clock::time_point::max();
        if (self->due_ == self->armed_) return;
        if (self->due_ > std::chrono::steady_clock::now()) return self->watch();
        self->expired_ = true;
        error_code ignored;  // a socket that is closed already waits for nothing
        self->socket_.cancel(ignored);
    });
}

asio::awaitable<bool> Channel::ready(tcp::socket::wait_type what) {
    if (expired_ || !socket_.is_open()) co_return false;
    const auto [error] = co_await socket_.async_wait(what, asio::as_tuple(asio::use_awaitable));
    co_return !error && !expired_;
}

// Whether the operation of TLS that ended with `result` may be tried again.
asio::awaitable<bool> Channel::retry(int result) {
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            co_return co_await ready(tcp::socket::wait_read);
        case SSL_ERROR_WANT_WRITE:
            co_return co_await ready(tcp::socket::wait_write);
        case SSL_ERROR_ZERO_RETURN:
            co_return false;
        default:
            broken_ = true;
            co_return false;
    }
}

asio::awaitable<bool> Channel::handshake() {
    for (;;) {
        ERR_clear_error();
        const int result = SSL_accept(ssl_.get());
        if (result == 1) co_return true;
        if (is_plain_http()) {
            error_code ignored;  // whoever does not take it is closed all the same
            socket_.write_some(asio::buffer(speak_tls), ignored);
            broken_ = true;
            co_await end(1);
            co_return false;
        }
        if (!co_await retry(result)) co_return false;
    }
}

asio::awaitable<std::size_t> Channel::read(std::span<char> into) {
    for (;;) {
        if (broken_ || expired_) co_return 0;
        ERR_clear_error();
        std::size_t got = 0;
        const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
        if (result == 1) co_return got;
        if (!co_await retry(result)) co_return 0;
    }
}

asio::awaitable<bool> Channel::write(std::string_view bytes, std::int64_t patience) {
    std::size_t turn = 0;
    while (!bytes.empty()) {
        if (broken_) co_return false;
        ERR_clear_error();
        std::size_t done = 0;
        const int result = SSL_write_ex(ssl_.get(), bytes.data(), std::min(bytes.size(), write_piece), &done);
        if (result == 1) {
            bytes.remove_prefix(done);
            turn += done;
            if (turn < write_turn) continue;
            turn = 0;
            co_await asio::post(socket_.get_executor(), asio::use_awaitable);
            continue;
        }
        limit(patience);
        if (!co_await retry(result)) co_return false;
    }
    no_limit();
    co_return true;
}

asio::awaitable<void> Channel::end(std::int64_t seconds) {
    ERR_clear_error();
    if (!broken_) SSL_shutdown(ssl_.get());
    error_code error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    // Closing with bytes unread would reset the connection, and the peer might never see the last answer.
    limit(seconds);
    std::array<char, 4'096> away{};
    for (std::size_t drained = 0; !error && drained < most_drained;) {
        const auto got = socket_.read_some(asio::buffer(away), error);
        drained += got;
        if (error != asio::error::would_block) continue;
        error.clear();
        if (!co_await ready(tcp::socket::wait_read)) break;
    }
    close();
}

void Channel::close() {
    error_code ignored;  // it is gone in any case
    socket_.close(ignored);
    watch_.cancel();
}

std::string Channel::client_subject() const {
    return api::client_subject(ssl_.get());
}

}  // namespace imc::api
