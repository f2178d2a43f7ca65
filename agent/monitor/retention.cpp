#include "agent/monitor/retention.hpp"

#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/subject.hpp"
#include "agent/monitor/words.hpp"
#include "spchain/policy.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace imc::monitor {
namespace {

using nlohmann::json;
using spchain::Kind;
using spchain::UnixTime;

constexpr std::int64_t day = 86'400;
constexpr std::int64_t slack_after = 3 * day;  // nightly processing may be off for a weekend
constexpr std::int64_t slack_before = day;     // days have hours
constexpr std::int64_t shortest_month = 28 * day;
constexpr std::size_t shown = 20;

std::string date_text(UnixTime time) {
    return rfc3339(time).substr(0, 10);
}

struct Named {
    std::string name;
    UnixTime at = 0;
};

json files_json(std::vector<Named>& files, const char* what) {
    std::sort(files.begin(), files.end(), [](const Named& a, const Named& b) { return std::pair(a.at, a.name) < std::pair(b.at, b.name); });
    json list = json::array();
    for (const auto& file : files) {
        if (list.size() < shown) list.push_back({{"name", file.name}, {what, date_text(file.at)}});
    }
    return list;
}

class Retention {
public:
    Retention(const store::FolderRecord& folder, const spchain::FolderReport& report, std::span<const spchain::Entry> entries,
              const spchain::Rules& rules, UnixTime now)
        : folder_(folder), report_(report), entries_(entries), rules_(rules), now_(now) {}

    std::vector<store::FindingRecord> run() {
        for (const auto& volume : report_.volumes) longer(volume);
        shorter();
        return std::move(out_);
    }

private:
    void longer(const spchain::Volume& volume) {
        std::vector<Named> late;
        for (const auto& chain : volume.chains) {
            const auto outcome = spchain::apply_retention(chain, rules_.retention, rules_.calendar, now_);
            for (const auto index : outcome.goes) {
                const auto& fate = outcome.files[index];
                const bool past = fate.due != spchain::no_time && now_ - fate.due > slack_after;
                if (past && fate.certainty >= spchain::Verdict::presumed)
                    late.push_back({entries_[chain.images[index].entry].name, fate.due});
            }
        }
        if (late.empty()) return;
        const json files = files_json(late, "could_go_since");
        const std::string says = subject(volume.name) + " keeps images longer than expected: " + late.front().name +
                                 " could have gone on " + date_text(late.front().at) + (late.size() > 1 ? ", and others after it." : ".");
        add("retention_longer", volume.name, says, {{"files", files}, {"first", date_text(late.front().at)}});
    }

    // The least time that the policy keeps an image of this kind after it was written; 0: for ever, or of no level.
    [[nodiscard]] std::int64_t kept_for(Kind kind) const {
        switch (kind) {
            case Kind::incremental:
                return rules_.retention.intra_daily * day;
            case Kind::daily:
                return rules_.retention.daily * day;
            case Kind::weekly:
                return rules_.retention.weekly * day;
            case Kind::monthly:
                return rules_.retention.monthly * shortest_month;
            default:
                return 0;
        }
    }

    [[nodiscard]] bool held(const spchain::Volume& volume, const spchain::Name& name) const {
        for (const auto& chain : volume.chains) {
            if (chain.base != name.base) continue;
            return std::any_of(chain.images.begin(), chain.images.end(), [&name](const spchain::Image& image) {
                return image.kind > name.kind && image.kind >= Kind::daily && image.kind <= Kind::rolling &&
                       image.head.differential == name.differential && image.head.incremental >= name.incremental;
            });
        }
        return false;
    }

    void shorter() {
        std::map<std::string, const spchain::Volume*> volumes;
        for (const auto& volume : report_.volumes) volumes[folded(volume.name)] = &volume;
        std::map<const spchain::Volume*, std::vector<Named>> early;
        for (const auto& memory : report_.memory) {
            if (memory.vanished == spchain::no_time || memory.written == spchain::no_time || memory.written > memory.vanished) continue;
            const auto name = spchain::parse(memory.name);
            if (name.type != spchain::NameType::image || !name.conventional) continue;
            const std::int64_t kept = kept_for(name.kind);
            if (kept == 0 || memory.vanished - memory.written >= kept - slack_before) continue;
            const auto volume = volumes.find(folded(std::string(name.volume)));
            if (volume != volumes.end() && held(*volume->second, name)) early[volume->second].push_back({memory.name, memory.vanished});
        }
        for (auto& [volume, files] : early) {
            const json list = files_json(files, "gone");
            const std::string says = subject(volume->name) + " loses images earlier than expected: " + files.front().name +
                                     " was gone on " + date_text(files.front().at) + (files.size() > 1 ? ", and others after it." : ".");
            add("retention_shorter", volume->name, says, {{"files", list}, {"first", date_text(files.front().at)}});
        }
    }

    [[nodiscard]] std::string subject(const std::string& volume) const { return volume_subject(volume, folder_.machine, folder_.customer); }

    void add(std::string_view code, const std::string& volume, const std::string& says, const json& evidence) {
        const std::string key = "scan:" + folder_.id + ":" + std::string(code) + ":" + folded(volume);
        out_.push_back(make_finding(code, key, says, {}, evidence, folder_.id, store::volume_id(folder_.path, volume)));
    }

    const store::FolderRecord& folder_;
    const spchain::FolderReport& report_;
    std::span<const spchain::Entry> entries_;
    const spchain::Rules& rules_;
    UnixTime now_;
    std::vector<store::FindingRecord> out_;
};

}  // namespace

std::vector<store::FindingRecord> unexpected_retention(const store::FolderRecord& folder, const spchain::FolderReport& report,
                                                       std::span<const spchain::Entry> entries, const spchain::Rules& rules, UnixTime now) {
    return Retention(folder, report, entries, rules, now).run();
}

}  // namespace imc::monitor
