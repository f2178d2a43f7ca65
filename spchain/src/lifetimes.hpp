// When a policy lets files and points go. Internal. What it is not: the decision whether others hang on them.
#pragma once

#include "spchain/policy.hpp"

#include <vector>

namespace spchain {

// Sets everything of a fate but `goes`, `young`, `needed` and `needed_by`. O(1).
[[nodiscard]] Fate fate_of(const Chain& chain, std::size_t image, std::int32_t cover, const Retention& retention, const Calendar& calendar);

// O(n) in images and points.
[[nodiscard]] std::vector<Expiry> expiries_of(const Chain& chain, const std::vector<Fate>& fates, const Retention& retention,
                                              const Calendar& calendar, UnixTime now);

}  // namespace spchain
