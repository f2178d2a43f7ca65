// How much one stream's peer may send, and when to allow it more. The window doubles when more than half of it was
// consumed within one round trip: then the window, not the path or the application, is what limits. Elapsed time alone
// would not do: a link whose transmit time is part of the interval never looks fast enough (libp2p/go-yamux issue 136).
// What it is not: the buffer.
#pragma once

#include "shuttle/core/frame.hpp"
#include "shuttle/core/time.hpp"

#include <optional>

namespace shuttle::core {

// What all windows of a session share.
class WindowBudget {
public:
    explicit WindowBudget(std::size_t bytes) noexcept : free_(bytes), reserve_(bytes / 4) {}

    // For a new stream: takes from all that is left.
    [[nodiscard]] bool take_initial() noexcept { return take(initial_window, 0); }
    // For growth: leaves a quarter to streams that come.
    [[nodiscard]] bool take_growth(std::size_t bytes) noexcept { return take(bytes, reserve_); }
    void give_back(std::size_t bytes) noexcept { free_ += bytes; }
    [[nodiscard]] std::size_t free() const noexcept { return free_; }

private:
    [[nodiscard]] bool take(std::size_t bytes, std::size_t keep) noexcept {
        if (free_ < keep || free_ - keep < bytes) return false;
        free_ -= bytes;
        return true;
    }

    std::size_t free_;
    std::size_t reserve_;
};

class ReceiveWindow {
public:
    explicit ReceiveWindow(std::uint32_t largest) noexcept : largest_(largest) {}

    // Payload announced by a header; false when the peer may not send that much.
    [[nodiscard]] bool announce(std::uint32_t bytes) noexcept;
    // The application has taken bytes out of the buffer. `round_trip` is the path's, empty while unknown.
    void consumed(std::uint32_t bytes, TimePoint now, std::optional<Duration> round_trip, WindowBudget& budget) noexcept;
    // Enough can be granted for an update to be worth a frame. Half of a large window would be too late: the sender would
    // wait for a part of every round trip.
    [[nodiscard]] bool update_due() const noexcept { return ungranted_ >= initial_window / 2; }
    // Grants all that can be granted and returns it.
    [[nodiscard]] std::uint32_t grant() noexcept;
    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint32_t credit() const noexcept { return credit_; }  // what the peer may still send

private:
    std::uint32_t largest_;
    std::uint32_t size_ = initial_window;
    std::uint32_t credit_ = initial_window;
    std::uint32_t ungranted_ = 0;  // consumed or grown, not yet told to the peer
    std::uint32_t in_round_ = 0;   // consumed since round_began_
    std::optional<TimePoint> round_began_;
};

}  // namespace shuttle::core
