// Which files would have to go for a chain to fit into so many bytes, giving up fine points before coarse ones and old
// before new, as a retention policy that is made shorter and shorter would. What it is not: advice to delete, and no
// choice among several chains of a volume.
#pragma once

#include "spchain/folder.hpp"
#include "spchain/loss.hpp"

#include <cstdint>
#include <vector>

namespace spchain {

struct WithinBytes {
    bool fits = false;                 // false: even with all of `files` gone it would not
    std::vector<std::uint32_t> files;  // indices into Chain::images, in the order in which they would go; none more than it takes
    std::uint64_t bytes_before = 0;    // all images of the chain
    std::uint64_t bytes_after = 0;
    std::uint64_t orphan_bytes = 0;  // counted in both: orphans are left alone, because a file brought back may mend them
    LossCost cost;                   // of their going, with the certainty that nothing more would be lost
};

// First what a consolidation covers: raw increments, then dailies, weeklies, monthlies, the oldest period first; then all
// the rest from the newest head down. Broken off anywhere, nothing that stays hangs in the air, and no point that stays
// loses its last way of at least presumed files to keep a doubtful one. Never touched: settling files, orphans, and the
// smallest set that restores the newest point that can be restored, with at least the verdict `least` where it has that
// now; the same for the newest point that is at least presumed. Other verdicts may sink from certain to presumed where only
// consolidations with inferred tails stay; `cost` names these points. O(n log n).
[[nodiscard]] WithinBytes keep_within(const Chain& chain, std::uint64_t bytes, Verdict least = Verdict::presumed);

}  // namespace spchain
