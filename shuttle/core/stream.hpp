// What a session knows of one stream: two half connections, each with its window, and what is still to be said about it.
// Internal to shuttle/core. What it is not: an object of the application, which holds a StreamId and asks the session.
#pragma once

#include "shuttle/core/byte_queue.hpp"
#include "shuttle/core/limits.hpp"
#include "shuttle/core/receive_window.hpp"

#include <optional>
#include <system_error>

namespace shuttle::core {

struct Stream {
    Stream(StreamId number, bool opened_here, const Limits& limits) noexcept
        : id(number), ours(opened_here), syn_due(opened_here), window(limits.max_window) {}

    StreamId id;
    bool ours;
    bool syn_due;          // the peer has not heard of it
    bool ack_due = false;  // the application has taken it, the peer has not heard so
    bool taken = false;    // by the peer if ours, else by the application

    ByteQueue outgoing;
    std::uint32_t credit = initial_window;  // what the peer lets us send
    bool fin_wanted = false;                // the application sends no more
    bool fin_sent = false;
    bool write_blocked = false;  // the application waits for room

    ByteQueue incoming;
    ReceiveWindow window;
    bool fin_received = false;

    std::error_code error;  // once set, nothing goes out or comes in any more
    bool released = false;  // the application has let go of it

    bool in_control = false;  // is in the queue of that name
    bool in_data = false;
    bool in_events = false;
    bool readable = false;  // to be told with the next event
    bool writable = false;
    std::optional<TimePoint> due;  // its one timer: not taken, or lingering

    [[nodiscard]] bool finished() const noexcept { return fin_sent && fin_received; }
    [[nodiscard]] bool fin_is_next() const noexcept { return fin_wanted && !fin_sent && outgoing.empty(); }
    [[nodiscard]] bool has_to_send() const noexcept { return !error && ((!outgoing.empty() && credit > 0) || fin_is_next()); }

    // The flags that the next frame of this stream carries; they count as said.
    [[nodiscard]] std::uint16_t say_opening() noexcept {
        const auto flags = static_cast<std::uint16_t>((syn_due ? flag::syn : 0) | (ack_due ? flag::ack : 0));
        syn_due = ack_due = false;
        return flags;
    }
};

}  // namespace shuttle::core
