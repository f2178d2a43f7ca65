// The fewest absent files that would make a restore point whole. Absent files with names: the base, differentials and
// raw increments, which the numbering itself names, and what the agent remembers of images that are gone. What it is
// not: proof that these files exist anywhere, and no knowledge of consolidations that were never seen.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spchain {

// One absent file, or a run of raw increments with all the numbers between.
struct Absent {
    Kind kind = Kind::incremental;
    Point first;       // head of the first
    Point last;        // head of the last; of a single file the same
    std::string name;  // of the first: as remembered, or canonical
};

struct Mend {
    Verdict verdict = Verdict::certain;  // the point would have; at least what was asked for
    std::uint64_t count = 0;             // files; 0: the point is whole as it is
    std::vector<Absent> files;           // ascending
};

// Nothing: no files with names would do. The point needs not be one of the chain's. The verdict holds as far as the tails
// of the files that are there are right; files that come back may teach the analysis better. `memory` as of the last
// FolderReport, sorted or not; `volume` as in Volume::name. O(n log n) in images and memory, whatever the numbers are.
[[nodiscard]] std::optional<Mend> mend(const Chain& chain, std::string_view volume, std::span<const Memory> memory, Point point,
                                       Verdict goal = Verdict::presumed);

}  // namespace spchain
