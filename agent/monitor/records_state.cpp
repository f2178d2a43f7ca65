#include "agent/monitor/records_state.hpp"

#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/subject.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace imc::monitor {
namespace {

using imagemanager::Difference;
using imagemanager::TargetType;
using nlohmann::json;
using store::UnixTime;
using Findings = std::vector<store::FindingRecord>;

constexpr std::int64_t day = 86'400;
constexpr std::size_t shown = 20;

std::vector<std::string> names_of(const std::vector<Difference>& list) {
    std::vector<std::string> names;
    for (const auto& one : list) {
        if (names.size() < shown) names.push_back(one.name);
    }
    return names;
}

std::vector<std::string> some(std::vector<std::string> list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    if (list.size() > shown) list.resize(shown);
    return list;
}

std::string date_text(UnixTime time) {
    return rfc3339(time).substr(0, 10);
}

class Folder {
public:
    Folder(const RecordedState& state, const config::Config& config, Findings& out)
        : folder_(*state.folder), state_(state), told_(state.lasting), config_(config), out_(out) {}

    void run() {
        gone();
        unknown();
        sizes();
        empty_sets();
        for (const auto& volume : told_.volumes) failed(volume);
        verification_stopped();
    }

private:
    void gone() {
        if (told_.gone.empty()) return;
        const auto names = names_of(told_.gone);
        const bool one = told_.gone.size() == 1;
        add("records_gone",
            "ImageManager knows " + count_text(told_.gone.size(), "image", "images") + " that " + (one ? "is" : "are") +
                " not in the folder " + folder_.path + " (" + list_text(names, 3, told_.gone.size()) +
                "), and nothing that is there holds " + (one ? "it" : "them") + "; restore points that need " + (one ? "it" : "them") +
                " are lost.",
            {{"files", names}, {"count", told_.gone.size()}});
    }

    void unknown() {
        if (told_.unknown.empty()) return;
        const auto names = names_of(told_.unknown);
        add("records_unknown",
            count_text(told_.unknown.size(), "image lies", "images lie") + " in the folder " + folder_.path +
                " that ImageManager does not know (" + list_text(names, 3, told_.unknown.size()) +
                "); it neither verifies nor consolidates " + (told_.unknown.size() == 1 ? "it." : "them."),
            {{"files", names}, {"count", told_.unknown.size()}});
    }

    void sizes() {
        if (told_.sizes.empty()) return;
        json files = json::array();
        for (const auto& one : told_.sizes) {
            if (files.size() < shown) files.push_back({{"name", one.name}, {"bytes", one.bytes}, {"recorded_bytes", one.recorded_bytes}});
        }
        add("records_size_differs",
            count_text(told_.sizes.size(), "image", "images") + " in the folder " + folder_.path + " (" +
                list_text(names_of(told_.sizes), 3, told_.sizes.size()) + ") " + (told_.sizes.size() == 1 ? "has" : "have") +
                " another size than ImageManager recorded, as after a copy that was cut off.",
            {{"files", files}, {"count", told_.sizes.size()}});
    }

    void empty_sets() {
        if (told_.empty_sets.empty()) return;
        const auto names = some(told_.empty_sets);
        add("records_empty_set",
            "ImageManager knows " + count_text(told_.empty_sets.size(), "chain", "chains") + " in the folder " + folder_.path + " (" +
                list_text(names, 3, told_.empty_sets.size()) + ") of which no file is there.",
            {{"sets", names}});
    }

    void failed(const imagemanager::VolumeRecords& volume) {
        const auto& verification = volume.verification;
        if (verification.failed == 0) return;
        const std::string says =
            "ImageManager could not verify " + count_text(verification.failed, "image", "images") + " of " +
            volume_subject(volume.volume.empty() ? "files without a chain" : volume.volume, folder_.machine, folder_.customer) + " (" +
            list_text(verification.failed_names, 3, verification.failed) + "); restore points that need " +
            (verification.failed == 1 ? "it" : "them") + " may be damaged.";
        const std::string id = volume.volume.empty() ? std::string() : store::volume_id(folder_.path, volume.volume);
        out_.push_back(make_finding("verification_failed", records_key(folder_.id, "verification_failed") + ":" + folded(volume.volume),
                                    says, {}, {{"files", verification.failed_names}, {"count", verification.failed}}, folder_.id, id));
    }

    // Only where something new has come since that could have been verified.
    void verification_stopped() {
        const UnixTime last = told_.verification.newest;
        const std::int64_t limit = config_.verify_days * day;
        if (limit == 0 || last == 0 || state_.newest_written == 0 || state_.newest_written - last <= limit) return;
        add("verification_stopped",
            "ImageManager has verified nothing in the folder " + folder_.path + " since " + moment_text(last) +
                ", although new images have come for more than " +
                count_text(static_cast<std::uint64_t>(config_.verify_days), "day", "days") + " after that.",
            {{"last_verified", rfc3339(last)}});
    }

    void add(std::string_view code, const std::string& says, const json& evidence) {
        out_.push_back(make_finding(code, records_key(folder_.id, code), says, {}, evidence, folder_.id, {}));
    }

    const store::FolderRecord& folder_;
    const RecordedState& state_;
    const imagemanager::Comparison& told_;
    const config::Config& config_;
    Findings& out_;
};

std::string name_of(const imagemanager::Target& target) {
    return target.path && !target.path->empty() ? *target.path : "number " + std::to_string(target.index.value_or(0));
}

// A local disk or a share may be one of several that take turns; it is only away.
bool may_rotate(TargetType type) {
    return type == TargetType::local || type == TargetType::network;
}

void target_finding(const TargetState& state, const config::Config& config, UnixTime now, Findings& out) {
    const auto& target = state.facts->target;
    if (!target.live || config.replication_days == 0) return;
    const bool headstart = target.type == TargetType::headstart;
    const std::int64_t limit = config.replication_days * day;
    const bool waits = target.queued.value_or(0) > 0 && target.oldest_queued;
    const std::string subject = std::string(headstart ? "HeadStart target " : "replication target ") + name_of(target);
    std::string says;
    json evidence = {
        {"type", to_string(target.type)}, {"path", target.path ? json(*target.path) : json()}, {"folders", state.folder_paths}};
    if (waits && now - *target.oldest_queued > limit) {
        const bool away = may_rotate(target.type) && state.facts->there != true;
        if (away) {
            const UnixTime since = target.last_sent.value_or(*target.oldest_queued);
            if (config.rotation_days == 0 || now - since <= config.rotation_days * day) return;
            says =
                "The " + subject + " has taken nothing since " + date_text(since) + " and cannot be reached from here; images wait for it.";
            evidence["there"] = false;
        } else {
            if (may_rotate(target.type) && state.just_back) return;
            says = "An image has been waiting for the " + subject + " since " + date_text(*target.oldest_queued) +
                   ", so what is there is old.";
        }
        evidence["oldest_queued"] = rfc3339(*target.oldest_queued);
    } else if (headstart && !waits && target.last_sent && state.newest_written - *target.last_sent > limit) {
        says = "Nothing has been applied to the " + subject + " since " + date_text(*target.last_sent) +
               ", although newer images are there and none waits.";
    } else {
        return;
    }
    if (target.last_sent) evidence["last_sent"] = rfc3339(*target.last_sent);
    const auto& ids = state.facts->folder_ids;
    out.push_back(make_finding(headstart ? "headstart_late" : "replication_late", target_key(target), says, {}, evidence,
                               ids.size() == 1 ? ids.front() : std::string(), {}));
}

void about_rows(const RecordsState& state, Findings& out) {
    if (!state.left_behind.empty()) {
        const auto paths = some(state.left_behind);
        out.push_back(make_finding("records_left_behind", "records:agent:records_left_behind",
                                   "ImageManager's database still has " +
                                       count_text(state.left_behind.size(), "row of a folder or target", "rows of folders and targets") +
                                       " that it manages no more (" + list_text(paths, 3, state.left_behind.size()) +
                                       "); nothing is counted of them.",
                                   {}, {{"paths", paths}}, {}, {}));
    }
    if (state.not_mapped.empty()) return;
    const auto paths = some(state.not_mapped);
    const bool one = state.not_mapped.size() == 1;
    out.push_back(make_finding("records_not_mapped", "records:agent:records_not_mapped",
                               "ImageManager manages " + count_text(state.not_mapped.size(), "folder", "folders") + " (" +
                                   list_text(paths, 3, state.not_mapped.size()) + ") that this computer knows by no path, so " +
                                   (one ? "it is" : "they are") + " not watched.",
                               {}, {{"paths", paths}}, {}, {}));
}

}  // namespace

std::string records_key(const std::string& folder_id, std::string_view code) {
    return "records:" + folder_id + ":" + std::string(code);
}

std::string target_key(const imagemanager::Target& target) {
    const std::string code = target.type == TargetType::headstart ? "headstart_late" : "replication_late";
    return "records:agent:" + code + ":" + std::string(to_string(target.type)) + std::to_string(target.index.value_or(0));
}

Findings records_findings(const RecordsState& state, const config::Config& config, UnixTime now) {
    Findings out;
    for (const auto& folder : state.folders) Folder(folder, config, out).run();
    for (const auto& target : state.targets) target_finding(target, config, now, out);
    about_rows(state, out);
    // Two rows of one target would have one key.
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    out.erase(std::unique(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.key == b.key; }), out.end());
    return out;
}

store::FindingRecord records_unreadable(const std::string& why, UnixTime read_at) {
    const std::string known = read_at == 0 ? "nothing is known of them." : "what is told of them is from " + moment_text(read_at) + ".";
    return make_finding("records_unreadable", "agent:records_unreadable", "ImageManager's records cannot be read (" + why + "); " + known,
                        {}, {{"problem", why}, {"read_at", read_at == 0 ? json() : json(rfc3339(read_at))}}, {}, {});
}

store::FindingRecord imagemanager_stopped(const std::string& state) {
    return make_finding(
        "imagemanager_stopped", "agent:imagemanager_stopped",
        "The service of ImageManager does not run (" + state + "), so nothing is verified, consolidated, replicated or pruned.", {},
        {{"state", state}}, {}, {});
}

}  // namespace imc::monitor
