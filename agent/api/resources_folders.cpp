// /v1/folders, /v1/folders/{id}, its samples, and /v1/unmanaged-folders.
#include "agent/api/collection.hpp"
#include "agent/api/resources.hpp"
#include "agent/api/response.hpp"
#include "agent/api/views.hpp"

namespace imc::api {

using nlohmann::json;

namespace {

struct FolderFilter {
    std::vector<std::string> customers, machines, types, states, sources, severities;
    std::optional<std::string> needle;

    explicit FolderFilter(Query& query)
        : customers(query.texts("customer")),
          machines(query.texts("machine")),
          types(query.words("type", {"normal", "backup_store"})),
          states(query.words("state", {"pending", "ok", "stale", "conflict"})),
          sources(query.words("source", {"configuration", "adopted", "auto_adopted", "backup_store", "imagemanager"})),
          severities(query.words("severity", {"critical", "warning", "info", "ok"})),
          needle(needle_of(query)) {}

    [[nodiscard]] bool takes(const store::FolderRecord& folder, const Index& index) const {
        return any_of_folded(customers, folder.customer) && any_of_folded(machines, folder.machine) && any_of(types, folder.type) &&
               any_of(states, folder.state) && any_of(sources, folder.source) &&
               (severities.empty() || any_of(severities, index.folder_counts(folder.id).worst())) &&
               occurs(needle, {folder.path, folder.customer, folder.machine});
    }
};

SortKey folder_key(const store::FolderRecord& folder, const Index& index, const std::string& key) {
    if (key == "customer") return joined_key({folder.customer, folder.machine, folder.path});
    if (key == "machine") return joined_key({folder.machine, folder.customer, folder.path});
    if (key == "images") return static_cast<std::int64_t>(folder.images);
    if (key == "image_bytes") return static_cast<std::int64_t>(folder.image_bytes);
    if (key == "free_bytes") return folder.free_bytes ? static_cast<std::int64_t>(*folder.free_bytes) : std::int64_t{-1};
    if (key == "severity") return rank_of(index.folder_counts(folder.id).worst());
    if (key == "last_good_scan") return folder.last_good_scan;
    return folder.path;
}

SortKey unmanaged_key(const UnmanagedFolder& folder, const std::string& key) {
    if (key == "customer") return joined_key({folder.customer, folder.path});
    if (key == "bytes") return static_cast<std::int64_t>(folder.bytes);
    if (key == "images") return static_cast<std::int64_t>(folder.images);
    if (key == "newest_written") return folder.newest_written;
    return folder.path;
}

}  // namespace

Response list_folders(const Call& call) {
    Query query(call.request);
    const Paging paging =
        paging_of(query, {"path", "customer", "machine", "images", "image_bytes", "free_bytes", "severity", "last_good_scan"});
    const FolderFilter filter(query);
    if (auto problem = query.finish()) return std::move(*problem);
    const auto& folders = call.index->snapshot().folders;
    std::vector<Row> rows;
    for (std::size_t at = 0; at < folders.size(); ++at) {
        if (!filter.takes(folders[at], *call.index)) continue;
        rows.push_back({folder_key(folders[at], *call.index, paging.sort.key), folders[at].id, at});
    }
    const Page page = page_of(std::move(rows), paging);
    json result = page_json(page);
    for (const auto at : page.elements) result["items"].push_back(folder_json(folders[at], *call.index));
    return json_answer(result);
}

Response get_folder(State&, const Call& call) {
    if (auto problem = Query(call.request).finish()) return std::move(*problem);
    const auto* folder = call.index->folder(call.words[0]);
    if (!folder) return not_found("There is no such folder.");
    json result = folder_json(*folder, *call.index);
    result["findings"] = findings_json(call.index->folder_findings(folder->id));
    return json_answer(result);
}

boost::asio::awaitable<Response> list_samples(State& state, const Call& call) {
    Query query(call.request);
    const Paging paging = paging_of(query, {"at"});
    if (auto problem = query.finish()) co_return std::move(*problem);
    if (!call.index->folder(call.words[0])) co_return not_found("There is no such folder.");
    const auto samples = co_await state.backend().samples(call.words[0]);
    if (!samples) co_return refused(samples.error());
    std::vector<Row> rows;
    for (std::size_t at = 0; at < samples->size(); ++at) rows.push_back({(*samples)[at].at, "", at});
    const Page page = page_of(std::move(rows), paging);
    json result = page_json(page);
    for (const auto at : page.elements) {
        const auto& sample = (*samples)[at];
        result["items"].push_back({{"at", time_json(sample.at)},
                                   {"image_bytes", sample.image_bytes},
                                   {"images", sample.images},
                                   {"free_bytes", sample.free_bytes ? json(*sample.free_bytes) : json()}});
    }
    co_return json_answer(result);
}

Response list_unmanaged(const Call& call) {
    Query query(call.request);
    const Paging paging = paging_of(query, {"path", "customer", "bytes", "images", "newest_written"});
    const auto customers = query.texts("customer");
    const auto needle = needle_of(query);
    if (auto problem = query.finish()) return std::move(*problem);
    const auto& report = call.index->snapshot().unmanaged;
    std::vector<Row> rows;
    for (std::size_t at = 0; at < report.folders.size(); ++at) {
        const auto& folder = report.folders[at];
        if (!any_of_folded(customers, folder.customer) || !occurs(needle, {folder.path, folder.customer, folder.machine})) continue;
        rows.push_back({unmanaged_key(folder, paging.sort.key), folder.id, at});
    }
    const Page page = page_of(std::move(rows), paging);
    json result = page_json(page);
    for (const auto at : page.elements) result["items"].push_back(unmanaged_json(report.folders[at]));
    result["searched"] = time_json(report.searched);
    result["complete"] = report.complete;
    result["unreadable"] = report.unreadable;
    return json_answer(result);
}

}  // namespace imc::api
