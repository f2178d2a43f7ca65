// How far apart the restore points of a volume lie in time: the gaps in which work would be lost, and the silence since the
// last. What it is not: a schedule; whether a night without points is right, others know.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace spchain {

// A point in time among all chains of one volume.
struct PointInTime {
    std::uint32_t chain = 0;  // index into Volume::chains
    std::uint32_t point = 0;  // index into Chain::points
    UnixTime at = no_time;
    // Whether the point was taken then. Where only consolidations lead to it, their time is that of a night after it.
    bool exact = true;
    Verdict verdict = Verdict::broken;
};

struct Gap {
    PointInTime before;
    PointInTime after;
    std::int64_t seconds = 0;
};

struct Gaps {
    std::uint64_t points = 0;              // that were looked at
    std::uint64_t undated = 0;             // restorable ones without a time: left out
    std::optional<Gap> longest;            // of all; nothing below two points
    std::vector<Gap> over;                 // those longer than the threshold, oldest first
    std::optional<PointInTime> last;       // the last point not after `now`
    std::optional<std::int64_t> silence;   // seconds from it to `now`
    Verdict certainty = Verdict::certain;  // the lowest verdict among the points looked at; at most presumed where a time is inexact
};

// Points of at least the verdict `least` and with since <= time <= now; no_time: no such limit. O(n log n) in the points.
[[nodiscard]] Gaps recovery_gaps(const Volume& volume, std::int64_t threshold_seconds, UnixTime since, UnixTime now,
                                 Verdict least = Verdict::presumed);

// Those points, in order of time; equal times by chain and number.
[[nodiscard]] std::vector<PointInTime> points_in_time(const Volume& volume, Verdict least);

}  // namespace spchain
