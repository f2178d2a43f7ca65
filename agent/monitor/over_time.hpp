// The parts of over_time(): each looks at one kind of thing and adds its findings. What it is not: public.
#pragma once

#include "agent/monitor/evaluate.hpp"

namespace imc::monitor {

using Findings = std::vector<store::FindingRecord>;

inline constexpr std::int64_t day_seconds = 86'400;

// The time that what is known of a folder is good for: now, or its last good look when that is overdue or failed.
[[nodiscard]] spchain::UnixTime known_until(const store::FolderRecord& folder, const config::Config& config, spchain::UnixTime now);
// Longest time between two looks before one is overdue: three intervals and a look's own limit.
[[nodiscard]] std::int64_t overdue_seconds(const config::Config& config);

void volumes_over_time(const Known& known, const config::Config& config, spchain::UnixTime now, Findings& out);
void looks_over_time(const Known& known, const config::Config& config, spchain::UnixTime now, Findings& out);  // overdue, conflicts, clock
void space_over_time(const Known& known, const config::Config& config, Findings& out);                         // disks and quotas

}  // namespace imc::monitor
