// So much a second, and a little at once: the generic cell rate algorithm (ITU-T I.371), one instant for all of its state. What it
// is not: a queue; whoever is too early is told by how much.
#pragma once

#include "shuttle/core/time.hpp"

#include <algorithm>

namespace shuttle::relay {

class Meter {
public:
    // `per_second` 0: no limit. `burst` may pass at once; at least one event, or a piece of bytes.
    void set(double per_second, double burst) noexcept {
        if (per_second == rate_ && burst == burst_) return;
        rate_ = per_second;
        burst_ = burst;
        next_ = {};
    }
    [[nodiscard]] bool limits() const noexcept { return rate_ > 0; }
    // How long until `amount` may pass; zero: now.
    [[nodiscard]] core::Duration until(double amount, core::TimePoint now) const noexcept {
        if (!limits()) return {};
        return std::max(core::Duration::zero(), std::max(next_, now) + lasting(amount) - lasting(burst_) - now);
    }
    // It passes, whether it may or not; the next has to wait accordingly.
    void take(double amount, core::TimePoint now) noexcept {
        if (limits()) next_ = std::max(next_, now) + lasting(amount);
    }

private:
    [[nodiscard]] core::Duration lasting(double amount) const noexcept {
        return std::chrono::duration_cast<core::Duration>(std::chrono::duration<double>(amount / rate_));
    }

    double rate_ = 0;
    double burst_ = 1;
    core::TimePoint next_{};  // when all that has passed would have, evenly
};

}  // namespace shuttle::relay
