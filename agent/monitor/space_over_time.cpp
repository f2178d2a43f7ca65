#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/over_time.hpp"
#include "agent/monitor/subject.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace imc::monitor {
namespace {

using nlohmann::json;
using Folders = std::vector<const store::FolderRecord*>;

constexpr std::size_t paths_shown = 20;

// The part of a directory's identity before ':' is its device, so the folders of one disk are told of once.
std::string disk_of(const store::FolderRecord& folder) {
    const std::size_t colon = folder.identity.find(':');
    if (colon == std::string::npos) return folder.id;
    return folder.identity.substr(0, colon) + "/" + std::to_string(*folder.total_bytes);
}

void disk(Folders folders, const config::Config& config, Findings& out) {
    std::sort(folders.begin(), folders.end(), [](const auto* a, const auto* b) { return a->path < b->path; });
    const store::FolderRecord& latest = **std::max_element(
        folders.begin(), folders.end(), [](const auto* a, const auto* b) { return a->last_good_scan < b->last_good_scan; });
    const double percent = 100.0 * static_cast<double>(*latest.free_bytes) / static_cast<double>(*latest.total_bytes);
    const bool critical = percent < static_cast<double>(config.free_space_critical_percent);
    if (!critical && percent >= static_cast<double>(config.free_space_warning_percent)) return;
    const std::int64_t limit = critical ? config.free_space_critical_percent : config.free_space_warning_percent;
    const std::string others =
        folders.size() == 1 ? "" : " and " + count_text(folders.size() - 1, "other managed folder", "other managed folders");
    const std::string says = "Less than " + std::to_string(limit) + " percent of the disk that holds " + folders.front()->path + others +
                             " is free; when it is full, backups and consolidation fail.";
    json paths = json::array();
    for (const auto* folder : folders) {
        if (paths.size() < paths_shown) paths.push_back(folder->path);
    }
    const json evidence = {{"free_percent", static_cast<int>(percent)},
                           {"limit_percent", limit},
                           {"total_bytes", *latest.total_bytes},
                           {"folders", folders.size()},
                           {"paths", paths}};
    out.push_back(make_finding("space_low", "time:space_low:" + folders.front()->id, says, {}, evidence, folders.front()->id, {},
                               critical ? std::optional<std::string_view>("critical") : std::nullopt));
}

void disks(const Known& known, const config::Config& config, Findings& out) {
    std::map<std::string, Folders> groups;
    for (const auto& folder : known.folders) {
        const bool told = folder.free_bytes && folder.total_bytes && *folder.total_bytes > 0;
        if (told && folder.parent_id.empty()) groups[disk_of(folder)].push_back(&folder);
    }
    for (const auto& [name, folders] : groups) disk(folders, config, out);
}

// The bytes of all images of these folders; a directory that is managed twice counts once.
std::uint64_t image_bytes(const Folders& folders) {
    std::set<std::string> counted;
    std::uint64_t bytes = 0;
    for (const auto* folder : folders) {
        if (folder->identity.empty() || counted.insert(folder->identity).second) bytes += folder->image_bytes;
    }
    return bytes;
}

void quota(const std::string& whose, const std::string& key, const Folders& folders, std::uint64_t limit, const std::string& folder_id,
           Findings& out) {
    const std::uint64_t bytes = image_bytes(folders);
    if (bytes <= limit) return;
    const std::string says = "The images " + whose + " take " + bytes_text(bytes) + ", more than their quota of " + bytes_text(limit) + ".";
    const json evidence = {{"bytes", bytes}, {"quota_bytes", limit}, {"folders", folders.size()}};
    out.push_back(make_finding("quota_exceeded", "time:quota_exceeded:" + key, says, {}, evidence, folder_id, {}));
}

void quotas(const Known& known, const config::Config& config, Findings& out) {
    for (const auto& rule : config.quotas) {
        Folders folders;
        for (const auto& folder : known.folders) {
            if (folded(folder.customer) == folded(rule.customer)) folders.push_back(&folder);
        }
        quota("of " + rule.customer, "customer:" + folded(rule.customer), folders, rule.bytes, {}, out);
    }
    for (const auto& rule : config.folders) {
        if (!rule.quota_bytes) continue;
        const std::string id = store::folder_id(scan::normalise(rule.path));
        Folders folders;
        for (const auto& folder : known.folders) {
            if (folder.id == id || folder.parent_id == id) folders.push_back(&folder);
        }
        if (!folders.empty()) quota("in " + rule.path, id, folders, *rule.quota_bytes, id, out);
    }
}

}  // namespace

void space_over_time(const Known& known, const config::Config& config, Findings& out) {
    disks(known, config, out);
    quotas(known, config, out);
}

}  // namespace imc::monitor
