// From analyses and records to findings: what a scan of a folder found (scope "scan:<folder id>:"), what time alone
// brings (scope "time:": stale volumes, old bases, low space, quotas, conflicts), and what the agent's own state
// brings. Pure functions of their arguments. What it is not: storage; open and closed times are the store's.
#pragma once

#include "agent/config/config.hpp"
#include "agent/scan/walk.hpp"
#include "agent/store/records.hpp"

#include <map>
#include <string>
#include <vector>

namespace imc::monitor {

// The records of one good look: volumes of the folder, and its findings.
struct Assessed {
    std::vector<store::VolumeRecord> volumes;
    std::vector<store::FindingRecord> findings;
};
[[nodiscard]] Assessed assess(const store::FolderRecord& folder, const spchain::FolderReport& report,
                              std::span<const spchain::Entry> entries, spchain::UnixTime now);

// The finding for a folder that could not be read.
[[nodiscard]] std::vector<store::FindingRecord> unreadable(const store::FolderRecord& folder, scan::errc why);

// What the clock and the configuration say about everything known; looked at each minute.
struct Known {
    std::vector<store::FolderRecord> folders;
    std::vector<store::VolumeRecord> volumes;
    std::map<std::string, store::VolumeSettings> settings;  // by volume id
};
[[nodiscard]] std::vector<store::FindingRecord> over_time(const Known& known, const config::Config& config, spchain::UnixTime now);

// Days of grace of one volume: its own setting, else the first matching rule, else the default. 0: never stale.
[[nodiscard]] std::int64_t grace_days(const store::VolumeRecord& volume, const store::VolumeSettings* settings,
                                      const config::Config& config);

// One word for everything: "critical" when any open finding is, then "warning", else "ok".
[[nodiscard]] std::string health_of(const std::vector<store::FindingRecord>& open);

}  // namespace imc::monitor
