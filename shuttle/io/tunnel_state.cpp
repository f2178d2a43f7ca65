#include "shuttle/io/tunnel_state.hpp"

#include <boost/asio/error.hpp>
#include <utility>

namespace shuttle::io {

namespace asio = boost::asio;

namespace {

constexpr std::size_t read_bytes = 64 * 1024;
constexpr std::chrono::seconds farewell(1);  // for the last words, once the session has ended

}  // namespace

TunnelState::TunnelState(asio::any_io_executor executor, std::unique_ptr<Transport> carrier, core::Role role, const core::Limits& limits)
    : network(std::move(executor)),
      transport(std::move(carrier)),
      session(role, limits, now()),
      incoming(network),
      opening(network),
      to_write(network),
      timer_(network) {}

core::TimePoint TunnelState::now() {
    return std::chrono::steady_clock::now();
}

void TunnelState::fail(const boost::system::error_code& error) {
    if (error == asio::error::eof) return session.fail(core::errc::closed_by_peer, now());
    if (!session.ended()) transport_error_ = error;
    session.fail(error, now());
}

boost::system::error_code TunnelState::told(std::error_code error) const {
    if (!error || error.category() == core::category()) return error;
    return transport_error_;
}

asio::awaitable<void> TunnelState::read_loop() {
    in_.resize(read_bytes);
    while (!session.ended()) {
        const auto got = co_await transport->read(in_);
        if (got) {
            session.receive(core::Bytes(in_).first(*got), now());
        } else {
            fail(got.error());
        }
        react();
    }
}

asio::awaitable<void> TunnelState::write_loop() {
    std::vector<core::Byte> out;
    for (;;) {
        out.clear();
        while ((out.empty() || out.size() + core::header_bytes + core::max_payload_sent <= transport->worth_gathering()) &&
               session.send(out, now())) {
        }
        if (out.empty()) {
            if (session.ended()) break;
            co_await to_write.wait();
            continue;
        }
        react();
        const auto error = co_await transport->write(out);
        if (error) {
            fail(error);
        } else {
            session.written(now());
        }
        react();
    }
    co_await transport->say_goodbye();
    writer_ended_ = true;
    timer_.cancel();
}

asio::awaitable<void> TunnelState::time_loop() {
    while (!session.ended()) {
        armed_ = session.deadline();
        timer_.expires_at(armed_);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        session.tick(now());
        react();
    }
    if (!writer_ended_) {
        timer_.expires_after(farewell);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    transport->close();  // ends the reader, and a writer that is stuck
}

void TunnelState::react() {
    while (const auto event = session.next_event()) {
        const auto found = waiters_.find(event->stream);
        if (found == waiters_.end()) continue;
        if (event->readable) found->second->readable.notify();
        if (event->writable) found->second->writable.notify();
    }
    const bool ended = static_cast<bool>(session.ended());
    if (ended || session.has_incoming()) incoming.notify();
    if (ended || session.can_open()) opening.notify();
    if (ended || session.wants_to_send()) to_write.notify();
    if (std::exchange(ended_before_, ended) != ended || (!ended && session.deadline() < armed_)) timer_.cancel();
}

void TunnelState::over() {
    session.close(core::GoAwayCode::normal);
    transport->close();
    react();
}

void TunnelState::add(core::StreamId id) {
    waiters_.emplace(id, std::make_shared<Waiters>(network));
}

void TunnelState::remove(core::StreamId id) {
    if (const auto found = waiters_.find(id); found != waiters_.end()) {
        found->second->readable.notify();
        found->second->writable.notify();
        waiters_.erase(found);
    }
    session.release(id, now());
    react();
}

std::shared_ptr<TunnelState::Waiters> TunnelState::waiters(core::StreamId id) const {
    return waiters_.at(id);
}

}  // namespace shuttle::io
