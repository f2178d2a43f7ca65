#include "agent/api/views_records.hpp"

#include "agent/api/views.hpp"

namespace imc::api {

using nlohmann::json;

namespace {

template <class T>
json value(const std::optional<T>& known) {
    return known ? json(*known) : json();
}

json time(const std::optional<imagemanager::UnixTime>& known) {
    return known ? time_json(*known) : json();
}

json target_json(const imagemanager::TargetFacts& facts) {
    const auto& target = facts.target;
    return {{"index", value(target.index)},
            {"path", value(target.path)},
            {"type", to_string(target.type)},
            {"live", target.live},
            {"there", value(facts.there)},
            {"queued", value(target.queued)},
            {"queued_bytes", value(target.queued_bytes)},
            {"oldest_queued", time(target.oldest_queued)},
            {"sent", value(target.sent)},
            {"sent_bytes", value(target.sent_bytes)},
            {"last_sent", time(target.last_sent)},
            {"folder_ids", facts.folder_ids}};
}

}  // namespace

json imagemanager_json(const imagemanager::SourceFacts& facts) {
    const auto& installation = facts.installation;
    json targets = json::array();
    for (const auto& target : facts.targets) targets.push_back(target_json(target));
    return {{"found_by", to_string(installation.found_by)},
            {"program", word_json(installation.program)},
            {"version", value(installation.version)},
            {"service_state", word_json(installation.service_state)},
            {"database",
             {{"path", word_json(installation.database)},
              {"state", to_string(facts.state)},
              {"problem", word_json(facts.problem)},
              {"written", time_json(facts.written)},
              {"read", time_json(facts.read_at)},
              {"looked", time_json(facts.looked)}}},
            {"folders", facts.folders},
            {"left_behind", facts.left_behind},
            {"not_mapped", facts.not_mapped},
            {"unknown_tables", facts.unknown_tables},
            {"unknown_columns", facts.unknown_columns},
            {"targets", std::move(targets)}};
}

json image_records_json(const imagemanager::ImageFile* file) {
    if (file == nullptr) return nullptr;
    return {{"bytes", value(file->bytes)},
            {"created", time(file->created)},
            {"image_type", value(file->image_type)},
            {"last_verified", time(file->last_verified)},
            {"verify_status", value(file->verify_status)},
            {"verify_failed", value(file->verify_failed)}};
}

}  // namespace imc::api
