#include "shuttle/core/session.hpp"

#include <algorithm>

namespace shuttle::core {

Session::Session(Role role, const Limits& limits, TimePoint now)
    : limits_(limits),
      role_(role),
      budget_(limits.receive_budget),
      next_id_(role == Role::client ? 1 : 2),
      useless_(limits.useless_burst, limits.useless_per_second, now),
      keepalive_(limits, now) {}

void Session::end(std::error_code why) {
    if (ended_) return;
    ended_ = why;
    handed_out_.reset();
    timers_.clear();
    pongs_.clear();
    resets_.clear();
    control_.clear();
    data_.clear();
    // What the application has not taken it will not miss; what it holds it is told of.
    backlog_.clear();
    std::erase_if(streams_, [this](const auto& entry) {
        const Stream& stream = entry.second;
        const bool unknown = stream.released || (!stream.ours && !stream.taken);
        if (unknown) budget_.give_back(stream.window.size());
        return unknown;
    });
    for (auto& [id, stream] : streams_) {
        stream.in_control = stream.in_data = false;
        stream.due.reset();
        stream.outgoing.clear();
        if (!stream.error) stream.error = why;
        tell(stream, true, true);
    }
}

void Session::end_by_fault(errc why) {
    if (!ended_) last_words_ = GoAwayCode::protocol_error;
    end(why);
}

void Session::close(GoAwayCode code) {
    if (!ended_) last_words_ = code;
    end(errc::closed);
}

void Session::fail(std::error_code why, TimePoint) {
    last_words_.reset();
    const bool expected = why == errc::closed_by_peer && drained();
    end(expected ? make_error_code(errc::closed) : why);
}

void Session::go_away() noexcept {
    if (ended_ || go_away_said_) return;
    go_away_said_ = go_away_due_ = true;
}

void Session::probe(TimePoint now, Duration limit) noexcept {
    if (!ended_) keepalive_.probe(now, limit);
}

TimePoint Session::deadline() const noexcept {
    if (ended_) return never;
    auto result = keepalive_.deadline();
    if (handed_out_) result = std::min(result, *handed_out_ + limits_.write_limit);
    if (!timers_.empty()) result = std::min(result, timers_.begin()->first);
    return result;
}

void Session::tick(TimePoint now) {
    if (ended_) return;
    if (handed_out_ && now - *handed_out_ >= limits_.write_limit) return end(errc::write_stalled);
    if (!keepalive_.tick(now)) return end(errc::peer_silent);
    while (!timers_.empty() && timers_.begin()->first <= now && !ended_) {
        Stream& stream = streams_.at(timers_.begin()->second);
        // A stream that waits for accept() has nobody but the peer to tell.
        if (!stream.ours && !stream.taken) stream.released = true;
        give_up(stream, stream.ours && !stream.taken ? errc::not_acknowledged : errc::reset_here);
    }
}

std::size_t Session::held_bytes() const noexcept {
    std::size_t sum = 0;
    for (const auto& [id, stream] : streams_) sum += stream.incoming.capacity() + stream.outgoing.capacity();
    return sum;
}

}  // namespace shuttle::core
