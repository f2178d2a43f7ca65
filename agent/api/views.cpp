#include "agent/api/views.hpp"

#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <numeric>

namespace imc::api {

using nlohmann::json;
using store::UnixTime;

namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::size_t most_findings = 1000;

json number_json(const std::optional<std::uint64_t>& number) {
    return number ? json(*number) : json();
}

json points_json(const std::array<std::uint64_t, 4>& points) {
    json result = {{"total", std::accumulate(points.begin(), points.end(), std::uint64_t{0})}};
    for (std::size_t verdict = 0; verdict < points.size(); ++verdict) {
        result[std::string(spchain::to_string(static_cast<spchain::Verdict>(verdict)))] = points[verdict];
    }
    return result;
}

json object_json(const std::string& text) {
    json object = text.empty() ? json() : json::parse(text, nullptr, false);
    return object.is_object() ? object : json();
}

json volume_verification_json(const store::VolumeRecord& volume) {
    const auto& checks = volume.checks;
    const auto checked = checks.good + checks.failed + checks.others;
    const char* state = checks.failed > 0 ? "failed" : checked == 0 ? "unknown" : checks.good < volume.images ? "partial" : "good";
    return {{"state", state},
            {"good", checks.good},
            {"failed", checks.failed},
            {"not_comparable", checks.others},
            {"oldest", time_json(checks.oldest)},
            {"newest", time_json(checks.newest)}};
}

// An image from the future has no age; seconds of difference between two clocks are none.
json age_json(UnixTime written, UnixTime as_of) {
    if (written == 0 || written > as_of + day_seconds) return {};
    return std::max<std::int64_t>(0, as_of - written);
}

}  // namespace

json time_json(UnixTime time) {
    return time == 0 || time == spchain::no_time ? json() : json(monitor::rfc3339(time));
}

json word_json(const std::string& text) {
    return text.empty() ? json() : json(text);
}

std::string text_of(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json check_json(const store::CheckRecord* check) {
    if (check == nullptr) return {{"state", "unknown"}, {"at", nullptr}, {"digest", nullptr}, {"expected", nullptr}};
    return {{"state", store::to_string(check->result)},
            {"at", time_json(check->at)},
            {"digest", word_json(check->digest)},
            {"expected", word_json(check->expected)}};
}

json verification_json(const Verification& v) {
    json current;
    if (!v.image.empty()) {
        current = {{"folder_id", v.folder_id},
                   {"volume_id", v.volume_id},
                   {"image", v.image},
                   {"bytes", v.image_bytes},
                   {"bytes_done", v.image_bytes_done}};
    }
    return {{"state", v.state},
            {"paused_for", word_json(v.paused_for)},
            {"run", v.run},
            {"wanted", word_json(v.wanted)},
            {"volume_id", word_json(v.wanted_volume)},
            {"started", time_json(v.started)},
            {"finished", time_json(v.finished)},
            {"ended", word_json(v.ended)},
            {"images", v.images},
            {"images_done", v.images_done},
            {"bytes", v.bytes},
            {"bytes_done", v.bytes_done},
            {"results",
             {{"good", v.good},
              {"mismatch", v.mismatches},
              {"not_comparable", v.without_sidecar},
              {"changed", v.changed},
              {"unreadable", v.unreadable}}},
            {"folders_skipped", v.folders_skipped},
            {"current", std::move(current)},
            {"waiting", v.waiting == 0 ? json() : json(v.waiting)},
            {"last_asked", v.asked ? verification_json(*v.asked) : json()}};
}

json counts_json(const FindingCounts& counts) {
    return {{"critical", counts.critical}, {"warning", counts.warning}, {"info", counts.info}};
}

json settings_json(const store::VolumeSettings& settings) {
    return {{"grace_days", settings.grace_days ? json(*settings.grace_days) : json()},
            {"expected_retention", object_json(settings.expected_retention)},
            {"notes", settings.notes}};
}

json stable_finding_json(const store::FindingRecord& finding) {
    json evidence = object_json(finding.evidence);
    if (evidence.is_null()) evidence = json::object();
    return {{"key", finding.key},
            {"code", finding.code},
            {"severity", finding.severity},
            {"domain", finding.domain},
            {"who", finding.who},
            {"self_heals", finding.self_heals},
            {"says", finding.says},
            {"remedy", finding.remedy},
            {"evidence", std::move(evidence)},
            {"first_seen", time_json(finding.first_seen)},
            {"closed", time_json(finding.closed)},
            {"folder_id", word_json(finding.folder_id)},
            {"volume_id", word_json(finding.volume_id)}};
}

json finding_json(const store::FindingRecord& finding) {
    json result = stable_finding_json(finding);
    result["last_seen"] = time_json(finding.last_seen);
    return result;
}

json stable_folder_json(const store::FolderRecord& folder) {
    return {{"id", folder.id},
            {"path", folder.path},
            {"customer", word_json(folder.customer)},
            {"machine", word_json(folder.machine)},
            {"type", folder.type},
            {"parent_id", word_json(folder.parent_id)},
            {"source", folder.source},
            {"profile", folder.profile},
            {"state", folder.state},
            {"error", word_json(folder.error)},
            {"images", folder.images},
            {"image_bytes", folder.image_bytes},
            {"companions", folder.companions},
            {"foreign", folder.foreign},
            {"settling", folder.settling},
            {"incrementals_bytes", folder.incrementals_bytes},
            {"chains", folder.chains},
            {"retention", object_json(folder.retention)},
            {"records", object_json(folder.records)},
            {"free_bytes", number_json(folder.free_bytes)},
            {"total_bytes", number_json(folder.total_bytes)},
            {"first_seen", time_json(folder.first_seen)}};
}

json folder_json(const store::FolderRecord& folder, const Index& index) {
    const auto counts = index.folder_counts(folder.id);
    json result = stable_folder_json(folder);
    result["last_scan"] = time_json(folder.last_scan);
    result["last_good_scan"] = time_json(folder.last_good_scan);
    result["volumes"] = index.volumes_of(folder.id);
    result["severity"] = counts.worst();
    result["finding_counts"] = counts_json(counts);
    return result;
}

UnixTime overdue_at(const store::VolumeRecord& volume, const store::VolumeSettings& settings, const config::Config& config) {
    const std::int64_t grace = monitor::grace_days(volume, &settings, config);
    return grace == 0 || volume.newest_written == 0 ? 0 : volume.newest_written + grace * day_seconds;
}

bool past_grace(const store::VolumeRecord& volume, const store::VolumeSettings& settings, const config::Config& config, UnixTime as_of) {
    const UnixTime overdue = overdue_at(volume, settings, config);
    return overdue != 0 && as_of > overdue;
}

json stable_volume_json(const store::VolumeRecord& volume, const store::VolumeSettings& settings, const config::Config& config) {
    return {{"id", volume.id},
            {"folder_id", volume.folder_id},
            {"customer", word_json(volume.customer)},
            {"machine", word_json(volume.machine)},
            {"volume", volume.volume},
            {"usage_bytes", volume.usage_bytes},
            {"retention_bytes", volume.retention_bytes},
            {"images", volume.images},
            {"chains", volume.chains},
            {"base", volume.base == 0 ? json() : json(volume.base)},
            {"base_written", time_json(volume.base_written)},
            {"newest_image", word_json(volume.newest_image)},
            {"newest_written", time_json(volume.newest_written)},
            {"newest_point", word_json(volume.newest_point)},
            {"verdict", volume.verdict},
            {"newest_restorable_point", word_json(volume.newest_restorable_point)},
            {"newest_restorable_written", time_json(volume.newest_restorable_written)},
            {"points", points_json(volume.points)},
            {"grace_days", monitor::grace_days(volume, &settings, config)},
            {"overdue_at", time_json(overdue_at(volume, settings, config))},
            {"data_stale", volume.stale},
            {"verification", volume_verification_json(volume)},
            {"records", object_json(volume.records)},
            {"settings", settings_json(settings)},
            {"first_seen", time_json(volume.first_seen)},
            {"vanished", time_json(volume.vanished)}};
}

json volume_record_json(const store::VolumeRecord& volume, const store::VolumeSettings& settings, const Index& index, UnixTime as_of) {
    const auto counts = index.volume_counts(volume);
    const auto* folder = index.folder(volume.folder_id);
    json result = stable_volume_json(volume, settings, index.config());
    result["as_of"] = monitor::rfc3339(as_of);
    result["quota_bytes"] = folder ? number_json(folder->free_bytes) : json();
    result["age_seconds"] = age_json(volume.newest_written, as_of);
    const json base_age = age_json(volume.base_written, as_of);
    result["base_age_days"] = base_age.is_null() ? json() : json(base_age.get<std::int64_t>() / day_seconds);
    result["stale"] = past_grace(volume, settings, index.config(), as_of);
    result["severity"] = counts.worst();
    result["finding_counts"] = counts_json(counts);
    return result;
}

json findings_json(const std::vector<const store::FindingRecord*>& findings) {
    json result = json::array();
    for (std::size_t at = 0; at < std::min(findings.size(), most_findings); ++at) result.push_back(finding_json(*findings[at]));
    return result;
}

json single_volume_json(const store::VolumeRecord& volume, const store::VolumeSettings& settings, const Index& index, UnixTime as_of) {
    json result = volume_record_json(volume, settings, index, as_of);
    result["findings"] = findings_json(index.volume_findings(volume));
    return result;
}

json unmanaged_json(const UnmanagedFolder& folder) {
    return {{"id", folder.id},
            {"path", folder.path},
            {"customer", word_json(folder.customer)},
            {"machine", word_json(folder.machine)},
            {"images", folder.images},
            {"bytes", folder.bytes},
            {"newest_written", time_json(folder.newest_written)}};
}

}  // namespace imc::api
