#include "shuttle/core/backoff.hpp"

#include <algorithm>

namespace shuttle::core {
namespace {

// Anywhere from `least` to `most`, both included, in milliseconds; fair but for the remainder of 2^64.
Duration between(Duration least, Duration most, std::uint64_t random) noexcept {
    using std::chrono::milliseconds;
    const auto low = std::chrono::duration_cast<milliseconds>(least).count();
    const auto high = std::chrono::duration_cast<milliseconds>(std::max(least, most)).count();
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return milliseconds(low + static_cast<milliseconds::rep>(random % span));
}

}  // namespace

void Backoff::ended(TimePoint now) noexcept {
    if (up_since_ && now - *up_since_ >= policy_.healthy) failures_ = 0;
    up_since_.reset();
}

Duration Backoff::after_failure(TimePoint now, std::uint64_t random) noexcept {
    ended(now);
    auto most = std::min(policy_.base, policy_.cap);
    for (unsigned i = 0; i < failures_ && most < policy_.cap; ++i) most = std::min(2 * most, policy_.cap);
    ++failures_;
    return between(Duration::zero(), most, random);
}

Duration Backoff::after_refusal(TimePoint now, std::uint64_t random) noexcept {
    ended(now);
    ++failures_;
    return between(policy_.refused, policy_.refused + policy_.refused / 5, random);
}

Duration Backoff::as_told(TimePoint now, Duration earliest, Duration latest, std::uint64_t random) noexcept {
    ended(now);
    const auto within = [this](Duration told) { return std::clamp(told, Duration::zero(), policy_.longest_told); };
    return between(within(earliest), within(latest), random);
}

}  // namespace shuttle::core
