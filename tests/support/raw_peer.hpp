// A peer for one Session that speaks frames by hand, rightly or wrongly, at times chosen by the test. What it is not: a
// yamux implementation; it does nothing that it is not told to do.
#pragma once

#include "shuttle/core/session.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace imc::testing {

struct HeardFrame {
    shuttle::core::FrameHeader header;
    std::string payload;
};

class RawPeer {
public:
    using TimePoint = shuttle::core::TimePoint;
    using Duration = shuttle::core::Duration;

    explicit RawPeer(shuttle::core::Role role_of_session, const shuttle::core::Limits& limits = {});

    // Hands one frame to the session; `payload` may be shorter than the header says.
    void say(shuttle::core::FrameType type, std::uint16_t flags, shuttle::core::StreamId stream, std::uint32_t length,
             std::string_view payload = {});
    void say_data(std::uint16_t flags, shuttle::core::StreamId stream, std::string_view payload);
    void say_update(std::uint16_t flags, shuttle::core::StreamId stream, std::uint32_t credit);
    void say_bytes(std::string_view bytes);

    // All that the session has to send now; the transport is told that it is written.
    std::vector<HeardFrame> hear();
    // The same, of one type only.
    std::vector<HeardFrame> hear(shuttle::core::FrameType type);
    // Takes the first ping and answers it, so that the session has a round trip of `after`.
    void answer_ping(Duration after);

    void pass(Duration time);                 // the clock only
    void tick_at_deadlines(TimePoint until);  // as a driver would, and answers nothing

    // Of the session's side.
    std::string read_all(shuttle::core::StreamId id, std::error_code* error = nullptr);
    std::size_t write(shuttle::core::StreamId id, std::string_view text);
    std::vector<shuttle::core::Event> events();

    TimePoint now{};
    shuttle::core::Session session;
};

}  // namespace imc::testing
