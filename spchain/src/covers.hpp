// Which consolidation makes which file unnecessary in the eyes of a retention policy: one of a higher level that begins no
// later and ends no earlier. Internal. What it is not: leave to delete; others may hang on the file all the same.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <vector>

namespace spchain {

// Per image the index of the earliest written consolidation that covers it; -1: none. The base, differentials, what has
// no level, and settling files are never covered, and settling files and those without a time cover nothing. O(n log n).
[[nodiscard]] std::vector<std::int32_t> covers_of(const Chain& chain);

}  // namespace spchain
