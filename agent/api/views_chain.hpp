// Chains, images and restore points as JSON: the shapes of `imconnector scan --json`, of `chain --json` and of
// /v1/volumes/{id}/chain, which are one. What it is not: an analysis; spchain made that. Pure functions.
#pragma once

#include "agent/store/records.hpp"
#include "spchain/folder.hpp"

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace imc::api {

// Restore sets grow with the square of a chain's length. Names are listed for the newest points first, up to this
// many in all; the restore_set of the others is null, their bytes and counts are there all the same.
struct RestoreSets {
    bool listed = true;  // false: no restore_set keys at all
    std::size_t names = 2'000'000;
};

// `entries`: what Image::entry indexes.
[[nodiscard]] nlohmann::json image_json(const spchain::Chain& chain, const spchain::Image& image, std::span<const spchain::Entry> entries);
// Without restore_set.
[[nodiscard]] nlohmann::json point_json(const spchain::Chain& chain, const spchain::PointState& point);
// Names, base first; empty when the point is broken.
[[nodiscard]] nlohmann::json restore_set_json(const spchain::Chain& chain, spchain::Point point, std::span<const spchain::Entry> entries);

// {"volume","chains":[...],"findings":[...]}
[[nodiscard]] nlohmann::json volume_json(const spchain::Volume& volume, std::span<const spchain::Entry> entries,
                                         const std::vector<store::FindingRecord>& findings, RestoreSets sets = {});

struct ScannedFolder {
    std::string path;
    spchain::UnixTime scanned_at = 0;
    std::uint64_t incrementals_bytes = 0;
    // By volume name as in the report; those of the folder itself under the empty name.
    std::map<std::string, std::vector<store::FindingRecord>> findings;
};
// {"folder","scanned_at","volumes","companions","foreign","incrementals_bytes","findings"}
[[nodiscard]] nlohmann::json scan_json(const ScannedFolder& folder, const spchain::FolderReport& report,
                                       std::span<const spchain::Entry> entries, RestoreSets sets = {});

}  // namespace imc::api
