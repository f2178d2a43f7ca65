#include "agent/cli/records_page.hpp"
#include "agent/monitor/words.hpp"

namespace imc::cli {
namespace {

using nlohmann::json;

template <class T>
json value(const std::optional<T>& known) {
    return known ? json(*known) : json();
}

json time(const std::optional<imagemanager::UnixTime>& known) {
    return known ? json(monitor::rfc3339(*known)) : json();
}

json set_json(const imagemanager::ImageSet& set) {
    return {{"id", value(set.id)},
            {"machine", value(set.machine)},
            {"base_name", value(set.base_name)},
            {"set_guid", value(set.set_guid)},
            {"images", value(set.images)},
            {"latest_create_time", time(set.latest_create_time)},
            {"sync_time", time(set.sync_time)}};
}

json file_json(const imagemanager::ImageFile& file) {
    return {{"name", value(file.name)},
            {"bytes", value(file.bytes)},
            {"created", time(file.created)},
            {"image_type", value(file.image_type)},
            {"last_verified", time(file.last_verified)},
            {"verify_status", value(file.verify_status)},
            {"verify_failed", value(file.verify_failed)}};
}

json folder_json(const imagemanager::WatchedFolder& folder) {
    json sets = json::array(), files;
    for (const auto& set : folder.sets) sets.push_back(set_json(set));
    if (folder.files) {
        files = json::array();
        for (const auto& file : *folder.files) files.push_back(file_json(file));
    }
    return {{"index", value(folder.index)},
            {"path", value(folder.path)},
            {"live", folder.live},
            {"sets", std::move(sets)},
            {"files", std::move(files)}};
}

json target_json(const imagemanager::Target& target) {
    return {{"index", value(target.index)},
            {"path", value(target.path)},
            {"type", to_string(target.type)},
            {"queued", value(target.queued)},
            {"queued_bytes", value(target.queued_bytes)},
            {"oldest_queued", time(target.oldest_queued)},
            {"sent", value(target.sent)},
            {"sent_bytes", value(target.sent_bytes)},
            {"last_sent", time(target.last_sent)},
            {"live", target.live}};
}

}  // namespace

json records_document(const imagemanager::Records& records, const std::string& database, std::int64_t read_at) {
    json folders = json::array(), targets;
    for (const auto& folder : records.folders) folders.push_back(folder_json(folder));
    if (records.targets) {
        targets = json::array();
        for (const auto& target : *records.targets) targets.push_back(target_json(target));
    }
    return {
        {"database", database}, {"read_at", monitor::rfc3339(read_at)}, {"folders", std::move(folders)}, {"targets", std::move(targets)}};
}

}  // namespace imc::cli
