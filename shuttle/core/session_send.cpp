// What a session has to say, and in which order: its end, then answers, then what lets the peer go on, then data in turns.
#include "shuttle/core/session.hpp"

#include <algorithm>

namespace shuttle::core {
namespace {

void put(std::vector<Byte>& out, const FrameHeader& header) {
    const auto bytes = encode(header);
    out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

bool Session::wants_to_send() const noexcept {
    if (ended_) return last_words_.has_value();
    return go_away_due_ || keepalive_.due() || !pongs_.empty() || !resets_.empty() || !control_.empty() || !data_.empty();
}

bool Session::send(std::vector<Byte>& out, TimePoint now) {
    const bool sent = send_session_frame(out, now) || (!ended_ && (send_stream_control(out) || send_data(out)));
    if (sent && !ended_ && !handed_out_) handed_out_ = now;
    return sent;
}

void Session::written(TimePoint now) noexcept {
    handed_out_.reset();
    keepalive_.written(now);
}

bool Session::send_session_frame(std::vector<Byte>& out, TimePoint now) {
    if (ended_) {
        if (!last_words_) return false;
        put(out, {FrameType::go_away, 0, 0, static_cast<std::uint32_t>(*last_words_)});
        last_words_.reset();
    } else if (go_away_due_) {
        put(out, {FrameType::go_away, 0, 0, static_cast<std::uint32_t>(GoAwayCode::normal)});
        go_away_due_ = false;
    } else if (!pongs_.empty()) {
        put(out, {FrameType::ping, flag::ack, 0, pongs_.front()});
        pongs_.pop_front();
    } else if (keepalive_.due()) {
        put(out, {FrameType::ping, flag::syn, 0, keepalive_.value()});
        keepalive_.handed_out(now);
    } else if (!resets_.empty()) {
        put(out, {FrameType::window_update, flag::rst, resets_.front(), 0});
        resets_.pop_front();
    } else {
        return false;
    }
    return true;
}

bool Session::send_stream_control(std::vector<Byte>& out) {
    while (!control_.empty()) {
        Stream& stream = *find(control_.front());
        control_.pop_front();
        stream.in_control = false;
        if (stream.error) continue;
        const auto flags = stream.say_opening();
        const auto credit = stream.fin_received || stream.released ? 0 : stream.window.grant();
        if (flags == 0 && credit == 0) continue;
        put(out, {FrameType::window_update, flags, stream.id, credit});
        return true;
    }
    return false;
}

bool Session::send_data(std::vector<Byte>& out) {
    while (!data_.empty()) {
        Stream& stream = *find(data_.front());
        data_.pop_front();
        stream.in_data = false;
        if (!stream.has_to_send()) continue;
        if (stream.fin_is_next()) {
            // A frame of its own, as hashicorp/yamux does it: js-libp2p-yamux 7 drops the payload of a frame with FIN.
            put(out, {FrameType::window_update, static_cast<std::uint16_t>(stream.say_opening() | flag::fin), stream.id, 0});
            stream.fin_sent = true;
            settle(stream);
            return true;
        }
        const auto length = std::min({stream.outgoing.size(), max_payload_sent, static_cast<std::size_t>(stream.credit)});
        stream.credit -= static_cast<std::uint32_t>(length);
        put(out, {FrameType::data, stream.say_opening(), stream.id, static_cast<std::uint32_t>(length)});
        stream.outgoing.take_to(out, length);
        if (stream.write_blocked && stream.outgoing.size() <= limits_.send_buffer / 2) {
            stream.write_blocked = false;
            tell(stream, false, true);
        }
        queue_data(stream);
        return true;
    }
    return false;
}

}  // namespace shuttle::core
