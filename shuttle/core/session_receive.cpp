// What a session does with the bytes of its peer, all of which are hostile until judged.
#include "shuttle/core/session.hpp"

#include <limits>

namespace shuttle::core {

void Session::receive(Bytes bytes, TimePoint now) {
    if (ended_ || bytes.empty()) return;
    keepalive_.heard(now);
    while (!ended_) {
        switch (reader_.next(bytes)) {
            case FrameReader::Kind::need_more:
                return;
            case FrameReader::Kind::bad:
                return end_by_fault(errc::protocol_error);
            case FrameReader::Kind::header:
                take_header(reader_.header(), now);
                break;
            case FrameReader::Kind::payload:
                take_payload(reader_.payload());
                break;
        }
    }
}

void Session::take_header(const FrameHeader& header, TimePoint now) {
    const bool of_stream = header.type == FrameType::data || header.type == FrameType::window_update;
    if (of_stream == (header.stream == 0)) return end_by_fault(errc::protocol_error);
    if (of_stream) return take_stream_frame(header, now);
    if (header.type == FrameType::ping) return take_ping(header, now);
    take_go_away(header);
}

void Session::take_ping(const FrameHeader& header, TimePoint now) {
    if (header.has(flag::ack)) return keepalive_.answered(header.length, now);
    if (!header.has(flag::syn)) return;
    // A peer that asks faster than it reads gets the newest answers: pings stand for each other.
    if (pongs_.size() >= limits_.pongs) pongs_.pop_front();
    pongs_.push_back(header.length);
}

void Session::take_go_away(const FrameHeader& header) {
    switch (static_cast<GoAwayCode>(header.length)) {
        case GoAwayCode::normal:
            go_away_heard_ = true;
            return;
        case GoAwayCode::protocol_error:
            return end(errc::peer_saw_error);
        case GoAwayCode::internal_error:
            break;
    }
    end(errc::peer_failed);
}

void Session::take_stream_frame(const FrameHeader& header, TimePoint now) {
    payload_of_ = 0;
    fin_after_payload_ = false;
    if (header.has(flag::syn)) {
        take_opening(header, now);
        if (ended_) return;
    }
    Stream* stream = find(header.stream);
    const bool says_nothing = header.length == 0 && (header.flags & (flag::syn | flag::ack | flag::fin | flag::rst)) == 0;
    if (says_nothing && !excuse(now)) return;
    if (!stream || stream->error) return;  // given up here while these frames were under way
    if (header.has(flag::rst)) return take_reset(*stream, now);
    if (stream->ours) take_over(*stream);
    if (header.type == FrameType::window_update) {
        if (header.length > std::numeric_limits<std::uint32_t>::max() - stream->credit) return end_by_fault(errc::protocol_error);
        stream->credit += header.length;
        queue_data(*stream);
    } else if (header.length > 0) {
        if (stream->fin_received || !stream->window.announce(header.length)) return end_by_fault(errc::protocol_error);
        payload_of_ = header.stream;
        fin_after_payload_ = header.has(flag::fin);
        return;
    }
    if (header.has(flag::fin)) take_fin(header.stream);
}

void Session::take_opening(const FrameHeader& header, TimePoint now) {
    const bool odd = header.stream % 2 == 1;
    if (odd == (role_ == Role::client) || find(header.stream)) return end_by_fault(errc::protocol_error);
    if (header.type == FrameType::data && header.length > initial_window) return end_by_fault(errc::protocol_error);
    if (header.has(flag::rst)) {
        static_cast<void>(excuse(now));
        return;
    }
    const bool room = !go_away_said_ && backlog_.size() < limits_.accept_backlog && streams_.size() < limits_.max_streams;
    if (!room || !budget_.take_initial()) return refuse(header.stream, now);
    Stream& stream = streams_.try_emplace(header.stream, header.stream, false, limits_).first->second;
    backlog_.push_back(stream.id);
    set_timer(stream, now + limits_.accept_limit);
}

void Session::refuse(StreamId id, TimePoint now) {
    if (!excuse(now)) return;
    if (resets_.size() >= limits_.resets) return end_by_fault(errc::flood);
    resets_.push_back(id);
}

void Session::take_reset(Stream& stream, TimePoint now) {
    if (!stream.ours && !excuse(now)) return;
    end_stream(stream, errc::reset_by_peer);
}

bool Session::excuse(TimePoint now) {
    if (useless_.take(now)) return true;
    end_by_fault(errc::flood);
    return false;
}

void Session::take_payload(Bytes payload) {
    const auto id = payload_of_;
    if (id == 0) return;
    Stream* stream = find(id);
    if (!stream || stream->error) {
        payload_of_ = 0;
        return;
    }
    if (!stream->released) {
        stream->incoming.append(payload, stream->window.size());
        tell(*stream, true, false);
    }
    if (reader_.payload_left() == 0 && fin_after_payload_) take_fin(id);
}

void Session::take_fin(StreamId id) {
    Stream& stream = *find(id);
    stream.fin_received = true;
    tell(stream, true, false);
    settle(stream);
}

}  // namespace shuttle::core
