// The files whose absence breaks points of a chain, as far as they have names: what the picture shows hatched, and what a
// person would have to bring back. What it is not: proof that these files exist anywhere. Pure.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace imc::picture {

// One absent file, or a run of raw increments with all the numbers between.
struct Missing {
    std::string name;  // of the first: as remembered, or canonical
    spchain::Kind kind = spchain::Kind::incremental;
    spchain::Point first;     // head of the first file
    spchain::Point last;      // head of the last; of a single file the same
    spchain::Point tail;      // where the first begins; of a full its head
    std::uint64_t count = 1;  // files
};

inline constexpr std::size_t most_gaps =
    16;  // stretches of broken or doubtful points that are looked into, newest first; fewer in long chains

// For each stretch of broken points the fewest absent files that would mend its newest point, and for each stretch of
// doubtful ones the consolidations that are remembered and would; ascending by head, each once. Points that retention has
// retired, as the volume's findings say, need nothing. `chain` is one of the volume's. O(most_gaps n log n).
[[nodiscard]] std::vector<Missing> missing_of(const spchain::Volume& volume, const spchain::Chain& chain,
                                              std::span<const spchain::Memory> memory);

}  // namespace imc::picture
