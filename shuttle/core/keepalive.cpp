#include "shuttle/core/keepalive.hpp"

#include <algorithm>

namespace shuttle::core {

Keepalive::Keepalive(const Limits& limits, TimePoint now) noexcept
    : every_(limits.ping_every),
      usual_limit_(limits.ping_limit),
      cap_(limits.ping_cap),
      limit_(limits.ping_limit),
      next_(now),
      asked_(now),
      last_heard_(now) {}

void Keepalive::ask(Duration limit) noexcept {
    ++value_;
    limit_ = limit;
    state_ = State::due;
}

void Keepalive::probe(TimePoint now, Duration limit) noexcept {
    // A second probe while the first still waits for its answer must not put the end off.
    if (state_ == State::asked && give_up_at() <= now + limit) return;
    ask(std::min(limit, usual_limit_));
}

void Keepalive::handed_out(TimePoint now) noexcept {
    state_ = State::handed_out;
    asked_ = now;
}

void Keepalive::written(TimePoint now) noexcept {
    if (state_ != State::handed_out) return;
    state_ = State::asked;
    asked_ = now;
}

void Keepalive::answered(std::uint32_t value, TimePoint now) noexcept {
    if (value != value_ || (state_ != State::asked && state_ != State::handed_out)) return;
    round_trip_.add(now - asked_);
    state_ = State::resting;
    next_ = now + every_;
}

TimePoint Keepalive::give_up_at() const noexcept {
    return std::min(std::max(asked_, last_heard_) + limit_, asked_ + std::max(cap_, limit_));
}

bool Keepalive::tick(TimePoint now) noexcept {
    if (state_ == State::asked) return now < give_up_at();
    if (state_ == State::resting && now >= next_) ask(usual_limit_);
    return true;
}

TimePoint Keepalive::deadline() const noexcept {
    switch (state_) {
        case State::resting:
            return next_;
        case State::asked:
            return give_up_at();
        case State::due:
        case State::handed_out:
            break;  // the transport's turn; its own limit watches over it
    }
    return never;
}

}  // namespace shuttle::core
