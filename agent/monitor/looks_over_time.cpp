#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/over_time.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace imc::monitor {
namespace {

using nlohmann::json;
using spchain::UnixTime;

constexpr std::int64_t unknown_critical_days = 1;
constexpr std::int64_t unknown_critical_days_replica = 7;  // rotating disks are away for days

void overdue(const Known& known, const config::Config& config, UnixTime now, Findings& out) {
    const std::int64_t limit = overdue_seconds(config);
    for (const auto& folder : known.folders) {
        const UnixTime since = std::max({folder.last_scan, known.scanning_since, folder.last_scan == 0 ? folder.first_seen : 0});
        if (since == 0 || now - since <= limit) continue;
        const bool long_ago = now - since > std::max(day_seconds, 2 * limit);
        const std::string when =
            folder.last_scan == 0 ? "has not been looked at yet" : "was last looked at on " + moment_text(folder.last_scan);
        const std::string says = "The folder " + folder.path + " " + when + ", though a look is due every " +
                                 age_text(config.interval_seconds) + "; what is told of it may be out of date.";
        const json evidence = {{"last_scan", folder.last_scan == 0 ? json(nullptr) : json(rfc3339(folder.last_scan))},
                               {"interval_seconds", config.interval_seconds}};
        out.push_back(make_finding("scan_overdue", "time:scan_overdue:" + folder.id, says, {}, evidence, folder.id, {},
                                   long_ago ? std::optional<std::string_view>("critical") : std::nullopt));
    }
}

// Two folders on one directory, told once for the whole group.
void conflicts(const Known& known, Findings& out) {
    std::map<std::string, std::vector<const store::FolderRecord*>> groups;
    for (const auto& folder : known.folders) {
        if (!folder.identity.empty()) groups[folder.identity].push_back(&folder);
    }
    for (auto& [identity, folders] : groups) {
        if (folders.size() < 2) continue;
        std::sort(folders.begin(), folders.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
        std::vector<std::string> paths;
        for (const auto* folder : folders) paths.push_back(folder->path);
        const std::string says = "The managed folders " + list_text(paths, 4, paths.size()) +
                                 " are one and the same directory, so its volumes are counted more than once.";
        out.push_back(make_finding("folder_conflict", "time:folder_conflict:" + folders.front()->id, says, {}, {{"paths", paths}},
                                   folders.front()->id, {}));
    }
}

// The computer's clock has gone back: folders seem to have been looked at in the future.
void clock(const Known& known, UnixTime now, Findings& out) {
    UnixTime latest = 0;
    for (const auto& folder : known.folders) latest = std::max(latest, folder.last_scan);
    if (latest <= now + day_seconds) return;
    const std::string says = "The clock of this computer is more than a day behind the last look at a folder, at " + moment_text(latest) +
                             "; ages of backups are not reliable until it is right.";
    out.push_back(make_finding("clock_wrong", "time:clock_wrong:agent", says, {}, {{"last_scan", rfc3339(latest)}}, {}, {}));
}

struct Reason {
    std::string_view says;    // to follow "The folder X cannot be read: "
    std::string_view domain;  // who has to look where
    std::string_view remedy;
    bool self_heals;
};

Reason reason_of(scan::errc why) {
    switch (why) {
        case scan::errc::not_found:
            return {"it does not exist, or its disk is not there", "storage",
                    "Connect the disk or correct the path; if the folder is gone for good, stop managing it.", false};
        case scan::errc::access_denied:
            return {"the account of the agent may not read it", "operating_system",
                    "Give the account of the agent's service the right to list and read the folder.", false};
        case scan::errc::not_a_directory:
            return {"its path leads to something that is no directory", "configuration", "Correct the path of the managed folder.", false};
        case scan::errc::network:
            return {"the share or its host did not answer", "network",
                    "Check that the host of the share is on and reachable from this computer.", true};
        case scan::errc::too_many:
            return {"it holds more entries than scan.max_entries_per_folder", "configuration",
                    "Raise scan.max_entries_per_folder, or move away what is no backup.", false};
        case scan::errc::timed_out:
            return {"reading it took longer than scan.folder_timeout_seconds", "network",
                    "Find out why the share is slow, or raise scan.folder_timeout_seconds.", true};
        default:
            return {"the operating system reported an error", "storage", "Check the disk and the system's log.", false};
    }
}

}  // namespace

void looks_over_time(const Known& known, const config::Config& config, UnixTime now, Findings& out) {
    overdue(known, config, now, out);
    conflicts(known, out);
    clock(known, now, out);
}

std::vector<store::FindingRecord> unreadable(const store::FolderRecord& folder, scan::errc why) {
    if (why == scan::errc::ok || why == scan::errc::cancelled) return {};
    const Reason reason = reason_of(why);
    const UnixTime since = folder.last_good_scan != 0 ? folder.last_good_scan : folder.first_seen;
    const std::int64_t days = folder.profile == "replica" ? unknown_critical_days_replica : unknown_critical_days;
    const bool long_ago = since != 0 && folder.last_scan - since > days * day_seconds;
    const std::string last = folder.last_good_scan != 0
                                 ? "; what is known of its backups is from " + moment_text(folder.last_good_scan) + "."
                                 : "; nothing is known of its backups yet.";
    json evidence = {{"reason", scan::to_string(why)}, {"path", folder.path}};
    if (folder.last_good_scan != 0) evidence["last_good_scan"] = rfc3339(folder.last_good_scan);
    auto finding =
        make_finding("folder_unreadable", "look:" + folder.id + ":folder_unreadable",
                     "The folder " + folder.path + " cannot be read: " + std::string(reason.says) + last, std::string(reason.remedy),
                     evidence, folder.id, {}, long_ago ? std::optional<std::string_view>("critical") : std::nullopt);
    finding.domain = std::string(reason.domain);
    finding.self_heals = reason.self_heals;
    return {std::move(finding)};
}

}  // namespace imc::monitor
