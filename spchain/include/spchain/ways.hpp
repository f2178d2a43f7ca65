// Two ways to a restore point that share no file but the base, so that no other single loss can cost it. What it is not:
// the cheapest such pair, and no promise about the base, which every way of a chain needs.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <vector>

namespace spchain {

struct TwoWays {
    // What can be said of both ways together; broken: there are no two independent ones.
    Verdict certainty = Verdict::broken;
    std::vector<std::uint32_t> first;   // indices into Chain::images, the base first; without two independent ways these
    std::vector<std::uint32_t> second;  // are two that share as little as they must. Empty: the point is broken or unknown.
    std::vector<std::uint32_t> shared;  // files of both, ascending by head
};

// Of all pairs, one with the highest certainty. The base itself, and a point that is one, has no second way unless the
// base is there twice. O(n) in the images after ordering them, per verdict.
[[nodiscard]] TwoWays two_ways(const Chain& chain, Point point);

}  // namespace spchain
