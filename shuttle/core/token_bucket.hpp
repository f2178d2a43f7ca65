// Allows so many events at once and so many a second after that. What it is not: a queue; an event too many is told to
// its sender's judge.
#pragma once

#include "shuttle/core/time.hpp"

#include <algorithm>

namespace shuttle::core {

class TokenBucket {
public:
    TokenBucket(double burst, double per_second, TimePoint now) noexcept : burst_(burst), rate_(per_second), tokens_(burst), at_(now) {}

    // False when the event is one too many.
    [[nodiscard]] bool take(TimePoint now) noexcept {
        const auto passed = std::chrono::duration<double>(std::max(now - at_, Duration::zero())).count();
        tokens_ = std::min(burst_, tokens_ + passed * rate_);
        at_ = std::max(at_, now);
        if (tokens_ < 1) return false;
        tokens_ -= 1;
        return true;
    }

private:
    double burst_;
    double rate_;
    double tokens_;
    TimePoint at_;
};

}  // namespace shuttle::core
