// Asks the peer now and then whether it is there, and tells when it is not. The limit runs from the moment the ping is
// written, not from when it was due, and any byte from the peer prolongs it up to a cap: neither our own backlog nor the
// peer's is mistaken for death. What it is not: the sender of pings; it says when one is due.
#pragma once

#include "shuttle/core/limits.hpp"
#include "shuttle/core/round_trip.hpp"

#include <cstdint>

namespace shuttle::core {

class Keepalive {
public:
    // The first ping is due at once: it measures the path.
    Keepalive(const Limits& limits, TimePoint now) noexcept;

    // Asks at once, with a shorter limit if wished (after sleep, or when the network has changed). A ping already under way
    // no longer counts.
    void probe(TimePoint now, Duration limit) noexcept;
    // True once when a ping with value() should go out.
    [[nodiscard]] bool due() const noexcept { return state_ == State::due; }
    [[nodiscard]] std::uint32_t value() const noexcept { return value_; }
    void handed_out(TimePoint now) noexcept;
    void written(TimePoint now) noexcept;
    void heard(TimePoint now) noexcept { last_heard_ = now; }  // any byte
    void answered(std::uint32_t value, TimePoint now) noexcept;

    // To be called at deadline() or later; false when the peer is to be given up.
    [[nodiscard]] bool tick(TimePoint now) noexcept;
    [[nodiscard]] TimePoint deadline() const noexcept;
    [[nodiscard]] const RoundTrip& round_trip() const noexcept { return round_trip_; }

private:
    enum class State {
        resting,     // until next_
        due,         // a ping waits to be sent
        handed_out,  // on its way to the transport
        asked,       // written at asked_
    };
    void ask(Duration limit) noexcept;
    [[nodiscard]] TimePoint give_up_at() const noexcept;

    Duration every_;
    Duration usual_limit_;
    Duration cap_;
    State state_ = State::due;
    std::uint32_t value_ = 1;
    Duration limit_;  // of the ping under way
    TimePoint next_;
    TimePoint asked_;
    TimePoint last_heard_;
    RoundTrip round_trip_;
};

}  // namespace shuttle::core
