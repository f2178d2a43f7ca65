// The application's side of a session, and the book-keeping of streams.
#include "shuttle/core/session.hpp"

#include <algorithm>
#include <utility>

namespace shuttle::core {

Stream* Session::find(StreamId id) noexcept {
    const auto found = streams_.find(id);
    return found == streams_.end() ? nullptr : &found->second;
}

std::uint32_t Session::window_of(StreamId id) const noexcept {
    const auto found = streams_.find(id);
    return found == streams_.end() ? 0 : found->second.window.size();
}

bool Session::can_open() const noexcept {
    return unacknowledged_ < limits_.unacknowledged && resets_.size() < limits_.resets / 2;
}

StreamId Session::open(TimePoint now, std::error_code& error) {
    const auto refused = [&error](std::error_code why) {
        error = why;
        return StreamId{0};
    };
    if (ended_) return refused(ended_);
    if (going_away()) return refused(errc::going_away);
    if (next_id_ > limits_.last_id) return refused(errc::ids_exhausted);
    if (!can_open()) return refused(errc::backlog_full);
    if (streams_.size() >= limits_.max_streams || !budget_.take_initial()) return refused(errc::too_many_streams);
    const auto id = static_cast<StreamId>(next_id_);
    next_id_ += 2;
    Stream& stream = streams_.try_emplace(id, id, true, limits_).first->second;
    ++unacknowledged_;
    set_timer(stream, now + limits_.open_limit);
    queue_control(stream);
    error = {};
    return id;
}

StreamId Session::accept() {
    if (backlog_.empty()) return 0;
    Stream& stream = streams_.at(backlog_.front());
    backlog_.pop_front();
    take_over(stream);
    stream.ack_due = true;
    queue_control(stream);
    return stream.id;
}

std::optional<Event> Session::next_event() {
    if (events_.empty()) return std::nullopt;
    Stream& stream = streams_.at(events_.front());
    events_.pop_front();
    stream.in_events = false;
    return Event{stream.id, std::exchange(stream.readable, false), std::exchange(stream.writable, false)};
}

Progress Session::read(StreamId id, std::span<Byte> target, TimePoint now) {
    Stream* stream = find(id);
    if (!stream || stream->released) return {0, errc::no_such_stream};
    if (const auto bytes = stream->incoming.take(target); bytes > 0) {
        if (stream->error || stream->fin_received) return {bytes, {}};
        stream->window.consumed(static_cast<std::uint32_t>(bytes), now, keepalive_.round_trip().least(), budget_);
        if (stream->window.update_due()) queue_control(*stream);
        return {bytes, {}};
    }
    if (stream->error == errc::reset_here || stream->error == errc::reset_by_peer) return {0, stream->error};
    if (stream->fin_received) return {0, errc::end_of_stream};
    return {0, stream->error};
}

Progress Session::write(StreamId id, Bytes bytes) {
    Stream* stream = find(id);
    if (!stream || stream->released) return {0, errc::no_such_stream};
    if (stream->error) return {0, stream->error};
    if (stream->fin_wanted) return {0, errc::shut_down};
    const auto taken = stream->outgoing.append(bytes, limits_.send_buffer);
    stream->write_blocked = taken < bytes.size();
    queue_data(*stream);
    return {taken, {}};
}

std::error_code Session::shutdown(StreamId id) {
    Stream* stream = find(id);
    if (!stream || stream->released) return errc::no_such_stream;
    if (stream->error) return stream->error;
    stream->fin_wanted = true;
    queue_data(*stream);
    return {};
}

void Session::reset(StreamId id) {
    Stream* stream = find(id);
    if (stream && !stream->released && !stream->error) give_up(*stream, errc::reset_here);
}

void Session::release(StreamId id, TimePoint now) {
    Stream* stream = find(id);
    if (!stream || stream->released) return;
    stream->released = true;
    if (stream->error || stream->finished()) return remove(*stream);
    if (!stream->fin_wanted) return give_up(*stream, errc::reset_here);
    stream->incoming.clear();
    if (std::exchange(stream->in_events, false)) std::erase(events_, id);
    take_over(*stream);
    set_timer(*stream, now + limits_.linger_limit);
}

void Session::queue_control(Stream& stream) {
    if (stream.in_control || stream.error) return;
    stream.in_control = true;
    control_.push_back(stream.id);
}

void Session::queue_data(Stream& stream) {
    if (stream.in_data || !stream.has_to_send()) return;
    stream.in_data = true;
    data_.push_back(stream.id);
}

void Session::tell(Stream& stream, bool readable, bool writable) {
    if (stream.released || (!stream.ours && !stream.taken)) return;
    stream.readable |= readable;
    stream.writable |= writable;
    if (stream.in_events) return;
    stream.in_events = true;
    events_.push_back(stream.id);
}

void Session::take_over(Stream& stream) {
    if (stream.taken) return;
    if (stream.ours) --unacknowledged_;
    stream.taken = true;
    set_timer(stream, std::nullopt);
}

void Session::set_timer(Stream& stream, std::optional<TimePoint> due) {
    if (stream.due) timers_.erase({*stream.due, stream.id});
    stream.due = due;
    if (due) timers_.insert({*due, stream.id});
}

void Session::end_stream(Stream& stream, std::error_code why) {
    if (stream.ours) take_over(stream);
    set_timer(stream, std::nullopt);
    stream.error = why;
    stream.incoming.clear();
    stream.outgoing.clear();
    if (stream.released || !stream.taken) return remove(stream);
    tell(stream, true, true);
}

void Session::give_up(Stream& stream, std::error_code why) {
    // A stream that the peer never heard of needs no farewell.
    if (!stream.syn_due) resets_.push_back(stream.id);
    end_stream(stream, why);
}

void Session::settle(Stream& stream) {
    if (stream.released && stream.finished()) remove(stream);
}

void Session::remove(Stream& stream) {
    const auto id = stream.id;
    set_timer(stream, std::nullopt);
    if (stream.in_control) std::erase(control_, id);
    if (stream.in_data) std::erase(data_, id);
    if (stream.in_events) std::erase(events_, id);
    if (!stream.ours && !stream.taken) std::erase(backlog_, id);
    if (stream.ours && !stream.taken) --unacknowledged_;
    budget_.give_back(stream.window.size());
    streams_.erase(id);
}

}  // namespace shuttle::core
