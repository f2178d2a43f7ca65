// From analyses and records to findings: what a look at a folder found (scopes "scan:<folder id>:", "look:"), what time alone
// brings (scope "time:": stale volumes, old bases, low space, quotas, conflicts), and what the agent's own state
// brings. Pure functions of their arguments. What it is not: storage; open and closed times are the store's.
#pragma once

#include "agent/config/config.hpp"
#include "agent/scan/walk.hpp"
#include "agent/store/records.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace imc::monitor {

// The records of one good look: volumes of the folder, and its findings with keys "scan:<folder id>:<code>:<volume>:<base>".
// The root of a backup store has no volumes: images there are managed by nobody. first_seen of a volume is the earliest
// that memory tells; newest_written is when the newest point was first written, even where retention left only a later
// consolidated image of it.
struct Assessed {
    std::vector<store::VolumeRecord> volumes;
    std::vector<store::FindingRecord> findings;
};
[[nodiscard]] Assessed assess(const store::FolderRecord& folder, const spchain::FolderReport& report,
                              std::span<const spchain::Entry> entries, spchain::UnixTime now);

// The finding for a folder that could not be read (scope "look:<folder id>:", so that what the last good look found stays
// open); `folder` has last_scan (this try) and last_good_scan. A warning, and critical after a day without a good look
// (a replica: seven). Nothing for ok and cancelled.
[[nodiscard]] std::vector<store::FindingRecord> unreadable(const store::FolderRecord& folder, scan::errc why);

// What the clock and the configuration say about everything known; looked at each minute.
struct Known {
    std::vector<store::FolderRecord> folders;
    std::vector<store::VolumeRecord> volumes;
    std::map<std::string, store::VolumeSettings> settings;  // by volume id
    spchain::UnixTime scanning_since = 0;                   // when the agent began to look; what lies before is nobody's delay
};
// All findings of scope "time:", sorted by key: "time:<code>:<id of volume, folder, or customer>". A finding is there exactly
// as long as the state behind it. Sentences and evidence hold no number that moves with every look. Volumes of a folder that
// could not be read lately are judged as of its last good look, and the sentence says so.
[[nodiscard]] std::vector<store::FindingRecord> over_time(const Known& known, const config::Config& config, spchain::UnixTime now);

// Days of grace of one volume: its own setting, else the first matching rule, else the default. 0: never stale.
[[nodiscard]] std::int64_t grace_days(const store::VolumeRecord& volume, const store::VolumeSettings* settings,
                                      const config::Config& config);

// One word for everything: "critical" when any open finding is, then "warning", else "ok".
[[nodiscard]] std::string health_of(const std::vector<store::FindingRecord>& open);

}  // namespace imc::monitor
