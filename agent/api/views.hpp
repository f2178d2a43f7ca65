// Records as JSON, in the shapes of openapi.json: keys are the names of the records' fields, times are RFC 3339 in
// UTC or null, what is not known is null. What it is not: a decision; what these say was decided by spchain and
// agent/monitor. Pure functions.
#pragma once

#include "agent/api/index.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace imc::api {

// 0 and spchain::no_time are null.
[[nodiscard]] nlohmann::json time_json(store::UnixTime time);
// Empty is null.
[[nodiscard]] nlohmann::json word_json(const std::string& text);
// Compact; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string text_of(const nlohmann::json& json);

[[nodiscard]] nlohmann::json finding_json(const store::FindingRecord& finding);
[[nodiscard]] nlohmann::json verification_json(const Verification& verification);
[[nodiscard]] nlohmann::json check_json(const store::CheckRecord* check);  // null: never checked
[[nodiscard]] nlohmann::json counts_json(const FindingCounts& counts);
[[nodiscard]] nlohmann::json settings_json(const store::VolumeSettings& settings);

// What moves only with the cursor: what /v1/sync shows.
[[nodiscard]] nlohmann::json stable_folder_json(const store::FolderRecord& folder);
[[nodiscard]] nlohmann::json stable_volume_json(const store::VolumeRecord& volume, const store::VolumeSettings& settings,
                                                const config::Config& config);
[[nodiscard]] nlohmann::json stable_finding_json(const store::FindingRecord& finding);

// All of it. `as_of` is the time that ages refer to.
[[nodiscard]] nlohmann::json folder_json(const store::FolderRecord& folder, const Index& index);
[[nodiscard]] nlohmann::json volume_record_json(const store::VolumeRecord& volume, const store::VolumeSettings& settings,
                                                const Index& index, store::UnixTime as_of);
// Of one volume that was asked for: with its open findings.
[[nodiscard]] nlohmann::json single_volume_json(const store::VolumeRecord& volume, const store::VolumeSettings& settings,
                                                const Index& index, store::UnixTime as_of);
[[nodiscard]] nlohmann::json findings_json(const std::vector<const store::FindingRecord*>& findings);  // the first 1000
[[nodiscard]] nlohmann::json unmanaged_json(const UnmanagedFolder& folder);

// When the grace ends; 0: never.
[[nodiscard]] store::UnixTime overdue_at(const store::VolumeRecord& volume, const store::VolumeSettings& settings,
                                         const config::Config& config);
[[nodiscard]] bool past_grace(const store::VolumeRecord& volume, const store::VolumeSettings& settings, const config::Config& config,
                              store::UnixTime as_of);

}  // namespace imc::api
