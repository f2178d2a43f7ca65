// Reports and records made by hand for the tests of the monitor: one volume, one or more chains, as spchain gives
// them. What it is not: an analysis.
#pragma once

#include "agent/monitor/evaluate.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace support {

inline constexpr std::int64_t hour = 3600;
inline constexpr std::int64_t day = 86'400;
inline constexpr std::int64_t noon = 1'795'003'200;  // 2026-11-18T12:00:00Z

struct MadeFolder {
    imc::store::FolderRecord folder;
    spchain::FolderReport report;
    std::vector<spchain::Entry> entries;

    MadeFolder();
    // A chain of a base and `points` raw increments, one each hour, the newest written `age` seconds before noon.
    spchain::Chain& chain(const std::string& volume, std::uint32_t base, std::uint32_t points, std::int64_t age);
    spchain::Finding& finding(const std::string& volume, spchain::FindingCode code, std::uint32_t base, std::uint64_t count);
    [[nodiscard]] imc::monitor::Assessed assess() const;
};

// The only finding with a code; the test fails where there is none or are several.
[[nodiscard]] imc::store::FindingRecord only(const std::vector<imc::store::FindingRecord>& findings, const std::string& code);
[[nodiscard]] std::size_t count(const std::vector<imc::store::FindingRecord>& findings, const std::string& code);
[[nodiscard]] nlohmann::json evidence(const imc::store::FindingRecord& finding);

// A folder that was read an hour ago and a volume in it whose newest image is an hour old.
[[nodiscard]] imc::store::FolderRecord folder_record(const std::string& path, const std::string& customer, const std::string& machine);
[[nodiscard]] imc::store::VolumeRecord volume_record(const imc::store::FolderRecord& folder, const std::string& volume);

}  // namespace support
