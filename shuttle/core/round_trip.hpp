// The path's round trip: the least of the last pings, so that a queue that we fill ourselves does not pass for distance,
// and long enough back to remember a time when there was none. What it is not: a smoothed estimate for timeouts; those are fixed.
#pragma once

#include "shuttle/core/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace shuttle::core {

class RoundTrip {
public:
    void add(Duration sample) noexcept {
        samples_[count_++ % samples_.size()] = std::max(sample, Duration(1));
        const auto have = std::min(count_, samples_.size());
        least_ = *std::min_element(samples_.begin(), samples_.begin() + static_cast<std::ptrdiff_t>(have));
        last_ = sample;
    }
    [[nodiscard]] std::optional<Duration> least() const noexcept { return least_; }
    [[nodiscard]] std::optional<Duration> last() const noexcept { return last_; }

private:
    std::array<Duration, 64> samples_{};  // a quarter of an hour of pings
    std::size_t count_ = 0;
    std::optional<Duration> least_;
    std::optional<Duration> last_;
};

}  // namespace shuttle::core
