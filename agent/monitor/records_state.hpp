// Findings that ImageManager's records bring (scope "records:"), and those about the records themselves (scope "agent:"). When
// differences have lasted long enough, and whether a target is there, is the caller's knowledge. What it is not: a comparison
// (agent/imagemanager/compare.hpp). Pure.
#pragma once

#include "agent/config/config.hpp"
#include "agent/imagemanager/compare.hpp"
#include "agent/imagemanager/source_facts.hpp"
#include "agent/store/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imc::monitor {

// One folder that ImageManager manages. `lasting` has only differences that are to be told.
struct RecordedState {
    const store::FolderRecord* folder = nullptr;
    imagemanager::Comparison lasting;
    store::UnixTime newest_written = 0;  // of its volumes' newest images; 0: not known
};

struct TargetState {
    const imagemanager::TargetFacts* facts = nullptr;
    bool just_back = false;  // it is there again since less than a day, so what waits may still be on its way
    std::vector<std::string> folder_paths;
    store::UnixTime newest_written = 0;  // of the images of those folders; 0: not known
};

struct RecordsState {
    std::vector<RecordedState> folders;
    std::vector<TargetState> targets;
    std::vector<std::string> left_behind;  // paths of stale rows, of folders and targets
    std::vector<std::string> not_mapped;
};

// Keys "records:<folder id>:<code>", "records:<folder id>:<code>:<volume>", "records:agent:<code>:<subject>".
[[nodiscard]] std::vector<store::FindingRecord> records_findings(const RecordsState& state, const config::Config& config,
                                                                 store::UnixTime now);
[[nodiscard]] std::string records_key(const std::string& folder_id, std::string_view code);  // without a volume
[[nodiscard]] std::string target_key(const imagemanager::Target& target);                    // of replication_late and headstart_late

// The database cannot be read; `why` is a sentence's part that names the file, `read_at` when it was read last (0: never).
[[nodiscard]] store::FindingRecord records_unreadable(const std::string& why, store::UnixTime read_at);
// `state` of the service, such as "stopped".
[[nodiscard]] store::FindingRecord imagemanager_stopped(const std::string& state);

}  // namespace imc::monitor
