#include "shuttle/io/tunnel.hpp"

#include "shuttle/io/tunnel_state.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <exception>
#include <utility>

namespace shuttle::io {

namespace asio = boost::asio;
using boost::system::result;

TunnelStream::TunnelStream(std::shared_ptr<TunnelState> tunnel, core::StreamId id) : tunnel_(std::move(tunnel)), id_(id) {
    tunnel_->add(id_);
}

TunnelStream::TunnelStream(TunnelStream&& other) noexcept : tunnel_(std::move(other.tunnel_)), id_(other.id_) {}

TunnelStream& TunnelStream::operator=(TunnelStream&& other) noexcept {
    if (this == &other) return *this;
    let_go();
    tunnel_ = std::move(other.tunnel_);
    id_ = other.id_;
    return *this;
}

TunnelStream::~TunnelStream() {
    let_go();
}

void TunnelStream::let_go() noexcept {
    if (const auto tunnel = std::exchange(tunnel_, nullptr)) tunnel->remove(id_);
}

asio::awaitable<result<std::size_t>> TunnelStream::read(std::span<std::uint8_t> target) {
    const auto tunnel = tunnel_;
    const auto id = id_;
    const auto waiters = tunnel->waiters(id);
    for (;;) {
        const auto progress = tunnel->session.read(id, target, TunnelState::now());
        if (progress.bytes > 0 || target.empty()) {
            tunnel->react();
            co_return progress.bytes;
        }
        if (progress.error == core::errc::end_of_stream) co_return std::size_t{0};
        if (progress.error) co_return tunnel->told(progress.error);
        co_await waiters->readable.wait();
    }
}

asio::awaitable<boost::system::error_code> TunnelStream::write(std::span<const std::uint8_t> bytes) {
    const auto tunnel = tunnel_;
    const auto id = id_;
    const auto waiters = tunnel->waiters(id);
    for (;;) {
        const auto progress = tunnel->session.write(id, bytes);
        if (progress.error) co_return tunnel->told(progress.error);
        tunnel->react();
        bytes = bytes.subspan(progress.bytes);
        if (bytes.empty()) co_return boost::system::error_code();
        co_await waiters->writable.wait();
    }
}

boost::system::error_code TunnelStream::shutdown() {
    const auto error = tunnel_->session.shutdown(id_);
    tunnel_->react();
    return tunnel_->told(error);
}

void TunnelStream::reset() {
    tunnel_->session.reset(id_);
    tunnel_->react();
}

Tunnel::Tunnel(asio::any_io_executor network, std::unique_ptr<Transport> transport, core::Role role, const core::Limits& limits)
    : state_(std::make_shared<TunnelState>(std::move(network), std::move(transport), role, limits)) {}

Tunnel::~Tunnel() {
    state_->over();
}

asio::awaitable<boost::system::error_code> Tunnel::run() {
    const auto state = state_;
    auto loops = asio::experimental::make_parallel_group(asio::co_spawn(state->network, state->read_loop(), asio::deferred),
                                                         asio::co_spawn(state->network, state->write_loop(), asio::deferred),
                                                         asio::co_spawn(state->network, state->time_loop(), asio::deferred));
    const auto [order, reader, writer, timer] =
        co_await std::move(loops).async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
    state->over();
    // The first that failed is the cause; the others were cancelled for it.
    for (const auto loop : order) {
        if (const auto& failure = loop == 0 ? reader : loop == 1 ? writer : timer) std::rethrow_exception(failure);
    }
    co_return state->told(state->session.ended());
}

asio::awaitable<result<TunnelStream>> Tunnel::accept() {
    const auto state = state_;
    for (;;) {
        if (const auto id = state->session.accept()) {
            state->react();
            co_return TunnelStream(state, id);
        }
        if (const auto why = state->session.ended()) co_return state->told(why);
        co_await state->incoming.wait();
    }
}

asio::awaitable<result<TunnelStream>> Tunnel::open() {
    const auto state = state_;
    for (;;) {
        std::error_code error;
        if (const auto id = state->session.open(TunnelState::now(), error)) {
            state->react();
            co_return TunnelStream(state, id);
        }
        if (error != core::errc::backlog_full) co_return state->told(error);
        co_await state->opening.wait();
    }
}

void Tunnel::go_away() {
    state_->session.go_away();
    state_->react();
}

void Tunnel::close(core::GoAwayCode code) {
    state_->session.close(code);
    state_->react();
}

void Tunnel::probe(core::Duration limit) {
    state_->session.probe(TunnelState::now(), limit);
    state_->react();
}

const core::Session& Tunnel::session() const noexcept {
    return state_->session;
}

}  // namespace shuttle::io
