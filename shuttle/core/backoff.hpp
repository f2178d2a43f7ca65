// How long to wait before dialling again: full jitter, from the first retry on, so that a thousand agents that lose their
// relay at once do not come back at once. What it is not: a timer or a source of randomness; both are handed in.
#pragma once

#include "shuttle/core/time.hpp"

#include <cstdint>
#include <optional>

namespace shuttle::core {

struct BackoffPolicy {
    Duration base = std::chrono::seconds(1);           // the first pause is anywhere from 0 to this; each further one up to twice as long
    Duration cap = std::chrono::seconds(60);           // but never above this
    Duration refused = std::chrono::minutes(5);        // after a refusal the pause is at least this, and up to a fifth longer
    Duration healthy = std::chrono::seconds(60);       // a connection that lasted this long starts over with `base`
    Duration longest_told = std::chrono::minutes(15);  // whatever a relay asks for
};

class Backoff {
public:
    explicit Backoff(const BackoffPolicy& policy = {}) noexcept : policy_(policy) {}

    void connected(TimePoint now) noexcept { up_since_ = now; }

    // Each gives the pause from `now` to the next attempt. `random` is 64 fresh random bits.
    // The attempt failed, or the connection was lost.
    [[nodiscard]] Duration after_failure(TimePoint now, std::uint64_t random) noexcept;
    // The relay knows us and does not want us (wrong key, revoked): asking often helps nobody.
    [[nodiscard]] Duration after_refusal(TimePoint now, std::uint64_t random) noexcept;
    // The relay said when to come back (drain, overload); somewhere in between. Does not count as a failure.
    [[nodiscard]] Duration as_told(TimePoint now, Duration earliest, Duration latest, std::uint64_t random) noexcept;

    [[nodiscard]] unsigned failures() const noexcept { return failures_; }  // since the last healthy connection

private:
    void ended(TimePoint now) noexcept;

    BackoffPolicy policy_;
    unsigned failures_ = 0;
    std::optional<TimePoint> up_since_;
};

}  // namespace shuttle::core
