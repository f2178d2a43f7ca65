// What can truly be restored from simulated files, by where they truly begin. What it is not: an analysis of names.
#pragma once

#include "tools/generator/simulator.hpp"

#include <optional>
#include <set>
#include <vector>

namespace generator {

// Heads that the base leads to, of one chain.
[[nodiscard]] std::set<spchain::Point> reachable(const std::vector<TrueImage>& images);

// An image of a kind without which the newest point cannot be reached, and which other files follow: of those that
// there are the one in the middle. Index into images.
[[nodiscard]] std::optional<std::size_t> essential(const std::vector<TrueImage>& images, spchain::Kind kind);

// The latest raw increment but a few whose loss makes other points unreachable. Index into images.
[[nodiscard]] std::optional<std::size_t> late_link(const std::vector<TrueImage>& images);

}  // namespace generator
