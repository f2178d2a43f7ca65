#include "agent/monitor/over_time.hpp"

#include "agent/monitor/glob.hpp"

#include <algorithm>

namespace imc::monitor {

std::int64_t overdue_seconds(const config::Config& config) {
    return 3 * config.interval_seconds + config.folder_timeout_seconds;
}

spchain::UnixTime known_until(const store::FolderRecord& folder, const config::Config& config, spchain::UnixTime now) {
    const bool fresh = folder.state != "stale" && now - folder.last_good_scan <= overdue_seconds(config);
    return fresh ? now : std::min(now, folder.last_good_scan);
}

std::int64_t grace_days(const store::VolumeRecord& volume, const store::VolumeSettings* settings, const config::Config& config) {
    if (settings && settings->grace_days) return *settings->grace_days;
    const std::string subject = volume.customer + "/" + volume.machine + "/" + volume.volume;
    for (const auto& rule : config.grace) {
        if (glob_match(rule.match, subject)) return rule.days;
    }
    return config.grace_days;
}

std::vector<store::FindingRecord> over_time(const Known& known, const config::Config& config, spchain::UnixTime now) {
    Findings out;
    volumes_over_time(known, config, now, out);
    looks_over_time(known, config, now, out);
    space_over_time(known, config, out);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    return out;
}

std::string health_of(const std::vector<store::FindingRecord>& open) {
    bool warning = false;
    for (const auto& finding : open) {
        if (finding.closed != 0) continue;
        if (finding.severity == "critical") return "critical";
        warning = warning || finding.severity == "warning";
    }
    return warning ? "warning" : "ok";
}

}  // namespace imc::monitor
