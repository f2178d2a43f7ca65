#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/over_time.hpp"
#include "agent/monitor/subject.hpp"
#include "agent/monitor/words.hpp"

#include <nlohmann/json.hpp>

namespace imc::monitor {
namespace {

using nlohmann::json;
using spchain::UnixTime;
using Severity = std::optional<std::string_view>;

class Volumes {
public:
    Volumes(const Known& known, const config::Config& config, UnixTime now, Findings& out)
        : known_(known), config_(config), now_(now), out_(out) {
        for (const auto& folder : known.folders) folders_[folder.id] = &folder;
    }

    void run() {
        for (const auto& volume : known_.volumes) {
            const auto settings = known_.settings.find(volume.id);
            const std::int64_t grace = grace_days(volume, settings == known_.settings.end() ? nullptr : &settings->second, config_);
            if (volume.vanished != 0) {
                vanished(volume, grace);
                continue;
            }
            const auto folder = folders_.find(volume.folder_id);
            until_ = folder == folders_.end() ? now_ : known_until(*folder->second, config_, now_);
            if (future(volume)) continue;
            stale(volume, grace);
            old_base(volume);
        }
    }

private:
    // A volume whose machine was retired (no grace at all) is not alarming when it goes.
    void vanished(const store::VolumeRecord& volume, std::int64_t grace) {
        const std::string says = "All images of " + volume_subject(volume) + " are gone since " + moment_text(volume.vanished) +
                                 "; the volume cannot be restored from this folder.";
        const json evidence = {{"vanished", rfc3339(volume.vanished)}, {"newest_image", volume.newest_image}};
        add("volume_vanished", volume, says, evidence, grace == 0 ? Severity("info") : Severity());
    }

    // Whether the newest image is from the future, so that nothing can be said of its age.
    bool future(const store::VolumeRecord& volume) {
        if (volume.newest_written <= now_ + day_seconds) return false;
        const std::string says = "The newest image of " + volume_subject(volume) + " is dated " + moment_text(volume.newest_written) +
                                 ", which lies in the future; how old its backups are cannot be told.";
        add("clock_wrong", volume, says, {{"newest_written", rfc3339(volume.newest_written)}, {"newest_image", volume.newest_image}}, {});
        return true;
    }

    void stale(const store::VolumeRecord& volume, std::int64_t grace) {
        const std::int64_t age = until_ - volume.newest_written;
        if (grace == 0 || volume.newest_written == 0 || age <= grace * day_seconds) return;
        const bool twice = age > 2 * grace * day_seconds;
        const std::string days = count_text(static_cast<std::uint64_t>(grace), "day", "days");
        std::string says = volume_subject(volume) + " has had no new backup since " + moment_text(volume.newest_written) +
                           ", which is more than " + (twice ? "twice its " + days : "its " + days) + " of grace" + last_known() +
                           "; later changes are in no backup.";
        json evidence = {{"newest_written", rfc3339(volume.newest_written)}, {"newest_image", volume.newest_image}, {"grace_days", grace}};
        if (until_ != now_) evidence["as_of"] = rfc3339(until_);
        add("volume_stale", volume, says, evidence, twice ? Severity("critical") : Severity());
    }

    void old_base(const store::VolumeRecord& volume) {
        if (volume.base_written == 0) return;
        const std::int64_t age = (until_ - volume.base_written) / day_seconds;
        const auto past = [age](std::int64_t limit) { return limit > 0 && age >= limit; };
        const bool critical = past(config_.base_age_critical_days);
        if (!critical && !past(config_.base_age_warning_days)) return;
        const std::int64_t limit = critical ? config_.base_age_critical_days : config_.base_age_warning_days;
        const std::string base = spchain::to_string(volume.base, {});
        const std::string says = "Base " + base + " of " + volume_subject(volume) + " is from " +
                                 rfc3339(volume.base_written).substr(0, 10) + ", more than " + std::to_string(limit) +
                                 " days ago; every restore point depends on that one file.";
        add("old_base", volume, says, {{"base", base}, {"base_written", rfc3339(volume.base_written)}, {"limit_days", limit}},
            critical ? Severity("critical") : Severity());
    }

    [[nodiscard]] std::string last_known() const {
        return until_ == now_ ? std::string() : ", as far as known when its folder was last read, at " + moment_text(until_);
    }

    void add(std::string_view code, const store::VolumeRecord& volume, const std::string& says, const json& evidence, Severity severity) {
        const std::string key = "time:" + std::string(code) + ":" + volume.id;
        out_.push_back(make_finding(code, key, says, {}, evidence, volume.folder_id, volume.id, severity));
    }

    const Known& known_;
    const config::Config& config_;
    UnixTime now_;
    UnixTime until_ = 0;
    Findings& out_;
    std::map<std::string, const store::FolderRecord*> folders_;
};

}  // namespace

void volumes_over_time(const Known& known, const config::Config& config, UnixTime now, Findings& out) {
    Volumes(known, config, now, out).run();
}

}  // namespace imc::monitor
