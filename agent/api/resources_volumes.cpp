// /v1/volumes and /v1/volumes/{id}.
#include "agent/api/collection.hpp"
#include "agent/api/resources.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"
#include "agent/monitor/words.hpp"

#include <limits>

namespace imc::api {

using nlohmann::json;

namespace {

struct VolumeFilter {
    std::vector<std::string> customers, machines, folders, verdicts, severities;
    std::optional<bool> stale;
    std::optional<std::string> needle;

    explicit VolumeFilter(Query& query)
        : customers(query.texts("customer")),
          machines(query.texts("machine")),
          folders(query.texts("folder_id")),
          verdicts(query.words("verdict", {"certain", "presumed", "doubtful", "broken"})),
          severities(query.words("severity", {"critical", "warning", "info", "ok"})),
          stale(query.flag("stale")),
          needle(needle_of(query)) {}

    [[nodiscard]] bool takes(const store::VolumeRecord& volume, const Call& call) const {
        const Index& index = *call.index;
        if (!any_of_folded(customers, volume.customer) || !any_of_folded(machines, volume.machine) || !any_of(folders, volume.folder_id) ||
            !any_of(verdicts, volume.verdict)) {
            return false;
        }
        if (!severities.empty() && !any_of(severities, index.volume_counts(volume).worst())) return false;
        if (stale && *stale != past_grace(volume, index.settings(volume.id), index.config(), call.as_of)) return false;
        const auto* folder = index.folder(volume.folder_id);
        return occurs(needle, {volume.customer, volume.machine, volume.volume, volume.newest_image, index.settings(volume.id).notes,
                               folder ? std::string_view(folder->path) : std::string_view()});
    }
};

std::int64_t verdict_rank(std::string_view verdict) {
    return verdict == "broken" ? 0 : verdict == "doubtful" ? 1 : verdict == "presumed" ? 2 : 3;
}

SortKey volume_key(const store::VolumeRecord& volume, const Index& index, const std::string& key) {
    if (key == "machine") return joined_key({volume.machine, volume.volume, volume.customer});
    if (key == "volume") return joined_key({volume.volume, volume.customer, volume.machine});
    // Ages move, so the cursor holds what they come from; a volume without any image is the oldest.
    if (key == "age") return volume.newest_written == 0 ? std::numeric_limits<std::int64_t>::max() : -volume.newest_written;
    if (key == "newest_written") return volume.newest_written;
    if (key == "usage_bytes") return static_cast<std::int64_t>(volume.usage_bytes);
    if (key == "retention_bytes") return static_cast<std::int64_t>(volume.retention_bytes);
    if (key == "severity") return rank_of(index.volume_counts(volume).worst());
    if (key == "verdict") return verdict_rank(volume.verdict);
    return joined_key({volume.customer, volume.machine, volume.volume});
}

}  // namespace

Response list_volumes(const Call& call) {
    Query query(call.request);
    const Paging paging = paging_of(
        query, {"customer", "machine", "volume", "age", "usage_bytes", "retention_bytes", "severity", "verdict", "newest_written"});
    const VolumeFilter filter(query);
    if (auto problem = query.finish()) return std::move(*problem);
    const auto& volumes = call.index->snapshot().volumes;
    std::vector<Row> rows;
    for (std::size_t at = 0; at < volumes.size(); ++at) {
        if (!filter.takes(volumes[at], call)) continue;
        rows.push_back({volume_key(volumes[at], *call.index, paging.sort.key), volumes[at].id, at});
    }
    const Page page = page_of(std::move(rows), paging);
    json result = page_json(page);
    result["as_of"] = monitor::rfc3339(call.as_of);
    for (const auto at : page.elements) {
        const auto& volume = volumes[at];
        result["items"].push_back(volume_record_json(volume, call.index->settings(volume.id), *call.index, call.as_of));
    }
    return json_answer(result);
}

Response get_volume(State&, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    const auto* volume = call.index->volume(call.words[0]);
    if (!volume) return not_found("There is no such volume.");
    return json_answer(single_volume_json(*volume, call.index->settings(volume->id), *call.index, call.as_of));
}

}  // namespace imc::api
