#include "tests/support/raw_peer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace imc::testing {

using namespace shuttle::core;

namespace {

Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const Byte*>(text.data()), text.size()};
}

}  // namespace

RawPeer::RawPeer(Role role_of_session, const Limits& limits) : session(role_of_session, limits, now) {}

void RawPeer::say(FrameType type, std::uint16_t flags, StreamId stream, std::uint32_t length, std::string_view payload) {
    session.receive(encode({type, flags, stream, length}), now);
    session.receive(bytes_of(payload), now);
}

void RawPeer::say_data(std::uint16_t flags, StreamId stream, std::string_view payload) {
    say(FrameType::data, flags, stream, static_cast<std::uint32_t>(payload.size()), payload);
}

void RawPeer::say_update(std::uint16_t flags, StreamId stream, std::uint32_t credit) {
    say(FrameType::window_update, flags, stream, credit);
}

void RawPeer::say_bytes(std::string_view bytes) {
    session.receive(bytes_of(bytes), now);
}

std::vector<HeardFrame> RawPeer::hear() {
    std::vector<HeardFrame> result;
    std::vector<Byte> frame;
    while (session.send(frame, now)) {
        Bytes rest(frame);
        FrameReader reader;
        if (reader.next(rest) != FrameReader::Kind::header) throw std::logic_error("send() gave no whole header");
        HeardFrame heard{reader.header(), {}};
        if (!rest.empty() && reader.next(rest) == FrameReader::Kind::payload) {
            heard.payload.assign(reader.payload().begin(), reader.payload().end());
        }
        if (!rest.empty() || !reader.between_frames()) throw std::logic_error("send() gave something else than one frame");
        result.push_back(std::move(heard));
        frame.clear();
    }
    session.written(now);
    return result;
}

std::vector<HeardFrame> RawPeer::hear(FrameType type) {
    auto all = hear();
    std::erase_if(all, [type](const HeardFrame& heard) { return heard.header.type != type; });
    return all;
}

void RawPeer::answer_ping(Duration after) {
    const auto pings = hear(FrameType::ping);
    pass(after);
    for (const auto& ping : pings) say(FrameType::ping, flag::ack, 0, ping.header.length);
}

void RawPeer::pass(Duration time) {
    now += time;
}

void RawPeer::tick_at_deadlines(TimePoint until) {
    while (session.deadline() <= until) {
        now = std::max(now, session.deadline());
        session.tick(now);
        hear();
    }
    now = until;
}

std::string RawPeer::read_all(StreamId id, std::error_code* error) {
    std::string result;
    std::array<Byte, 4096> piece{};
    for (;;) {
        const auto progress = session.read(id, piece, now);
        if (error) *error = progress.error;
        if (progress.bytes == 0) return result;
        result.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(progress.bytes));
    }
}

std::size_t RawPeer::write(StreamId id, std::string_view text) {
    return session.write(id, bytes_of(text)).bytes;
}

std::vector<Event> RawPeer::events() {
    std::vector<Event> result;
    while (const auto event = session.next_event()) result.push_back(*event);
    return result;
}

}  // namespace imc::testing
