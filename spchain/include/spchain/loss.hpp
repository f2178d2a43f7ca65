// What it would cost if some files were lost: the points that could no longer be restored, those of which less could be
// said, and the bytes that would lie there for nothing. What it is not: a deletion; nothing here touches a file.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace spchain {

struct PointChange {
    std::uint32_t point = 0;  // index into Chain::points
    Verdict before = Verdict::broken;
    Verdict after = Verdict::broken;
};

struct LossCost {
    std::vector<PointChange> points;       // ascending; all whose verdict would be lower
    std::uint64_t points_lost = 0;         // of these, those that would be broken
    std::uint64_t points_sunk = 0;         // the others
    std::uint64_t lost_bytes = 0;          // of the files themselves; a file named twice counts once
    std::vector<std::uint32_t> stranded;   // indices into Chain::images: not lost, but nothing would lead to them any more
    std::uint64_t stranded_bytes = 0;      // of these
    std::int32_t newest = -1;              // newest point that could still be restored, index into Chain::points; -1: none
    Verdict certainty = Verdict::certain;  // of "no more than this": the lowest verdict of the points that the lost files
                                           // lead to and that would stay restorable
};

// `images`: indices into Chain::images, in any order; those out of range are passed over. O(n) in the images after
// ordering them.
[[nodiscard]] LossCost cost_of_loss(const Chain& chain, std::span<const std::uint32_t> images);

}  // namespace spchain
