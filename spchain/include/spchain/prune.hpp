// Files that could all go together with no restore point lost and none of which less could be said, and the order in
// which files go best. What it is not: a list of files each of which is redundant. Two files can each be spared while
// the other is there; together they are the point:
//
//     0 --i1--> 1 --i2--> 2      i2 alone could go, and so could the consolidation.
//      `-------- cd ------^      Both: point 2 is lost.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace spchain {

struct PruneSet {
    std::vector<std::uint32_t> files;      // indices into Chain::images, in the order in which they go best
    std::uint64_t bytes = 0;               // of these
    Verdict certainty = Verdict::certain;  // that no point is lost: the lowest verdict of a point that a file of the set leads to
    std::vector<std::uint32_t> orphans;    // not in the set: nothing leads to them now, but a file brought back may change that
    std::uint64_t orphan_bytes = 0;
};

// The set of this kind with the most bytes: no other set frees more. Only files whose head stays restorable with at least
// `least` are in it; with `certain`, no wrong inference can make the set unsafe. At least `presumed` whatever is asked:
// what leads to a doubtful point always stays, and so do files that are settling. O(n) in the images after ordering them.
[[nodiscard]] PruneSet largest_prune_set(const Chain& chain, Verdict least = Verdict::certain);

// The order in which a set of files goes best: newest heads first, so that whenever it is broken off nothing that is
// still there hangs in the air that would not do so at the end. Each file once; those out of range are left out. O(k log k).
[[nodiscard]] std::vector<std::uint32_t> deletion_order(const Chain& chain, std::span<const std::uint32_t> images);

}  // namespace spchain
