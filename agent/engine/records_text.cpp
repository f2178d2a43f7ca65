#include "agent/engine/records_text.hpp"

#include "agent/monitor/subject.hpp"
#include "agent/monitor/words.hpp"
#include "spchain/folder.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace imc::engine {
namespace {

using nlohmann::json;
using store::UnixTime;

constexpr std::size_t most_sets = 200;
constexpr std::size_t most_targets = 100;

std::string text(const json& object) {
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class T>
json value(const std::optional<T>& known) {
    return known ? json(*known) : json();
}

json time(UnixTime known) {
    return known == 0 ? json() : json(monitor::rfc3339(known));
}

json time(const std::optional<UnixTime>& known) {
    return known ? json(monitor::rfc3339(*known)) : json();
}

json set_json(const imagemanager::ImageSet& set) {
    return {{"set_guid", value(set.set_guid)},
            {"machine", value(set.machine)},
            {"base_name", value(set.base_name)},
            {"images", value(set.images)},
            {"latest_create_time", time(set.latest_create_time)},
            {"sync_time", time(set.sync_time)}};
}

json verification_json(const imagemanager::Verification& verification) {
    json codes = json::object();
    for (const auto& [code, files] : verification.other_codes) codes[std::to_string(code)] = files;
    return {{"files", verification.files},
            {"verified", verification.verified},
            {"failed", verification.failed},
            {"failed_files", verification.failed_names},
            {"last_verified", time(verification.newest)},
            {"oldest_verified", time(verification.oldest)},
            {"other_codes", std::move(codes)}};
}

// Of several sets of a folder: sums, and the oldest and newest of them.
struct Part {
    std::uint64_t queued = 0;
    std::optional<std::uint64_t> queued_bytes = 0;
    std::optional<UnixTime> oldest_queued;
    std::uint64_t sent = 0;
    std::optional<UnixTime> last_sent;
    std::optional<std::string> last_sent_name;
};

Part part_of(const imagemanager::Target& target, const std::set<std::string>& guids) {
    Part part;
    for (const auto& set : target.sets) {
        if (!guids.contains(monitor::folded(set.set_guid))) continue;
        part.queued += set.queued;
        part.queued_bytes = part.queued_bytes && set.queued_bytes ? std::optional(*part.queued_bytes + *set.queued_bytes) : std::nullopt;
        if (set.oldest_queued) part.oldest_queued = std::min(part.oldest_queued.value_or(*set.oldest_queued), *set.oldest_queued);
        part.sent += set.sent;
        if (!set.last_sent || (part.last_sent && *part.last_sent > *set.last_sent)) continue;
        part.last_sent = set.last_sent;
        part.last_sent_name = set.last_sent_name;
    }
    return part;
}

// The restore point that an image leads to; null where its name says none.
json point_json(const std::optional<std::string>& file) {
    if (!file) return nullptr;
    const auto name = spchain::parse(*file);
    if (name.type != spchain::NameType::image || !name.conventional) return nullptr;
    return spchain::to_string(name.base, {name.differential, name.incremental});
}

json target_json(const imagemanager::TargetFacts& facts, const std::set<std::string>& guids) {
    const Part part = part_of(facts.target, guids);
    return {{"index", value(facts.target.index)},
            {"path", value(facts.target.path)},
            {"type", to_string(facts.target.type)},
            {"queued", part.queued},
            {"queued_bytes", value(part.queued_bytes)},
            {"oldest_queued", time(part.oldest_queued)},
            {"sent", part.sent},
            {"last_sent", time(part.last_sent)},
            {"last_sent_image", value(part.last_sent_name)},
            {"last_sent_point", point_json(part.last_sent_name)}};
}

}  // namespace

std::string folder_records_text(const RecordedFolder& folder, const imagemanager::Comparison& comparison,
                                const std::vector<imagemanager::TargetFacts>& targets) {
    json sets = json::array();
    std::set<std::string> guids;
    for (const auto& set : folder.rows->sets) {
        if (sets.size() < most_sets) sets.push_back(set_json(set));
        if (set.set_guid) guids.insert(monitor::folded(*set.set_guid));
    }
    json served = json::array();
    for (const auto& target : targets) {
        const bool ours = std::find(target.folder_ids.begin(), target.folder_ids.end(), folder.id) != target.folder_ids.end();
        if (ours && served.size() < most_targets) served.push_back(target_json(target, guids));
    }
    const bool known = comparison.files_known;
    const auto count = [known](const auto& list) { return known ? json(list.size()) : json(); };
    return text({{"index", value(folder.rows->index)},
                 {"path", value(folder.rows->path)},
                 {"set_count", folder.rows->sets.size()},
                 {"sets", std::move(sets)},
                 {"files", folder.rows->files ? json(folder.rows->files->size()) : json()},
                 {"gone", count(comparison.gone)},
                 {"not_known", count(comparison.unknown)},
                 {"sizes_differ", count(comparison.sizes)},
                 {"empty_sets", comparison.empty_sets.size()},
                 {"verification", known ? verification_json(comparison.verification) : json()},
                 {"targets", std::move(served)}});
}

std::string volume_records_text(const RecordedFolder& folder, const imagemanager::Comparison& comparison, const std::string& volume) {
    const std::string wanted = monitor::folded(volume);
    json sets = json::array();
    for (const auto& set : folder.rows->sets) {
        if (!set.base_name || sets.size() >= most_sets) continue;
        const std::string file = *set.base_name + ".spf";
        const auto name = spchain::parse(file);  // its parts are views of the file's name
        if (name.conventional && monitor::folded(std::string(name.volume)) == wanted) sets.push_back(set_json(set));
    }
    const auto found = std::find_if(comparison.volumes.begin(), comparison.volumes.end(),
                                    [&](const auto& records) { return monitor::folded(records.volume) == wanted; });
    if (sets.empty() && found == comparison.volumes.end()) return {};
    return text(
        {{"sets", std::move(sets)}, {"verification", found == comparison.volumes.end() ? json() : verification_json(found->verification)}});
}

}  // namespace imc::engine
