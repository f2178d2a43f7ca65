// A whole machine at one instant: for each of its volumes one restore point, all of them taken close together. What it is
// not: consistency among the volumes, which only the program that made the images can promise.
#pragma once

#include "spchain/gaps.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace spchain {

struct Instant {
    std::vector<PointInTime> points;       // one per volume, in the order of the volumes
    UnixTime at = no_time;                 // of the latest of them
    std::int64_t spread = 0;               // seconds from the earliest to the latest
    Verdict certainty = Verdict::certain;  // the lowest verdict among them; at most presumed where a time is inexact
};

// Every choice of points that cannot be drawn closer together: no shorter stretch of time within it holds a point of each
// volume. Ascending by time; only those no wider than the tolerance. Of a volume with several points in the stretch the
// latest is taken. Points of at least the verdict `least`; those without a time are left out. None where a volume has
// none. O(m log m) in all points; each point is the end of one instant at most.
[[nodiscard]] std::vector<Instant> instants_of(std::span<const Volume* const> volumes, std::int64_t tolerance_seconds,
                                               Verdict least = Verdict::presumed);

}  // namespace spchain
