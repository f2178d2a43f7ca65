// The files that a restore point hangs on: lose one of them and the point is lost, or less can be said of it. The mirror
// of a file's blast radius. What it is not: a statement about the files' content; a file that is there counts as whole.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <vector>

namespace spchain {

struct PointOfFailure {
    std::uint32_t image = 0;            // index into Chain::images
    Verdict without = Verdict::broken;  // of the point if this one file were lost; always below its verdict now
};

struct PointsOfFailure {
    Verdict verdict = Verdict::broken;  // of the point as it is
    std::vector<PointOfFailure> files;  // ascending by head, the base first; those with without == broken are its single
                                        // points of failure. Files left out can be lost one at a time without a change.
};

// Nothing but a broken verdict for a point that is unknown or broken. O(n) in the images after ordering them, per verdict.
[[nodiscard]] PointsOfFailure points_of_failure(const Chain& chain, Point point);

}  // namespace spchain
