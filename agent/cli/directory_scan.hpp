// One look at a directory without the agent: listing, analysis, findings. The same parts as the agent's own looks, with
// no memory of earlier ones, so consolidations without neighbours are judged by names and calendar alone. What it is
// not: for more than one directory (scan.cpp walks the children of a backup store).
#pragma once

#include "agent/cli/context.hpp"
#include "agent/cli/progress.hpp"
#include "agent/scan/walk.hpp"
#include "agent/store/records.hpp"
#include "spchain/folder.hpp"

#include <boost/system/result.hpp>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace imc::cli {

struct ScanOptions {
    std::string directory;
    std::string now;      // RFC 3339; empty: the clock
    std::string profile;  // "primary" | "replica"; empty: as the configuration says of this folder, else primary
    std::string type = "normal";
};

// How directories are judged: by the configuration where one is there.
struct Judge {
    config::Config config;
    std::int64_t now = 0;
};
// Problems of a file that was given, or a malformed time, go to standard error as `code`'s reason, and nothing is
// returned. A default file that is unusable is only told of.
[[nodiscard]] std::optional<Judge> judge_of(const Context& context, const std::string& now);

struct DirectoryScan {
    std::string path;  // absolute
    std::int64_t at = 0;
    std::vector<spchain::Entry> entries;
    spchain::FolderReport report;
    spchain::Rules rules;                                               // by which it was judged
    scan::FolderLook look;                                              // without the listing's files, which are `entries`
    std::map<std::string, std::vector<store::FindingRecord>> findings;  // by volume; of the folder itself under ""
    [[nodiscard]] std::string worst() const;                            // "critical" | "warning" | "ok"
};

[[nodiscard]] boost::system::result<DirectoryScan> scan_directory(const ScanOptions& options, const Judge& judge, Progress& progress);
// In the shape of `scan --json`.
[[nodiscard]] nlohmann::json scan_document(const DirectoryScan& scan);

}  // namespace imc::cli
