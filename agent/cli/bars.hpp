// Small bars of text: how old something is against what is allowed, how full something is. What it is not: a page.
// Pure; ASCII only.
#pragma once

#include "agent/cli/table.hpp"

#include <cstdint>
#include <optional>

namespace imc::cli {

// "[###.......]" while the age is within the grace, "[!!!!!!!!!!]" past it, "[??????????]" where it is not known.
// A grace of 0 days: anything is well, and there is nothing to measure: empty. `cells`: between the brackets, at least 1.
[[nodiscard]] Cell age_bar(std::optional<std::int64_t> age_seconds, std::int64_t grace_days, std::size_t cells = 10);
// "[######....]": used of a total; full cells are rounded up, so that the last one empty means that there is room. Total 0: empty.
[[nodiscard]] Cell used_bar(std::uint64_t used, std::uint64_t total, std::size_t cells = 10);

}  // namespace imc::cli
