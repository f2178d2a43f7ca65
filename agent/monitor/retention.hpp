// Retention that is other than expected, as the files themselves show it: images that could have gone long ago, and images that
// went too early. What it is not: a decision what to delete. Pure.
#pragma once

#include "agent/store/records.hpp"

#include <span>
#include <vector>

namespace imc::monitor {

// Findings with keys "scan:<folder id>:<code>:<volume>", naming files and days. ImageManager's limits are minimums, so what stays
// longer is a note, three days after its time at the earliest; what went more than a day too early while a consolidation of a
// higher level holds it is a warning, for as long as its going is remembered. `rules` are those that `report` was made by.
[[nodiscard]] std::vector<store::FindingRecord> unexpected_retention(const store::FolderRecord& folder, const spchain::FolderReport& report,
                                                                     std::span<const spchain::Entry> entries, const spchain::Rules& rules,
                                                                     spchain::UnixTime now);

}  // namespace imc::monitor
