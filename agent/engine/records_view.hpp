// ImageManager's records by the folders of this computer: which of them it manages, where they lie here, and which rows are of
// which. What it is not: what the disk holds of them. Pure values.
#pragma once

#include "agent/config/config.hpp"
#include "agent/imagemanager/records.hpp"
#include "agent/store/records.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace imc::engine {

struct RecordedFolder {
    std::string id;
    std::string path;       // here, normalised
    std::string type;       // "backup_store" where others lie directly below, else "normal": the records do not say
    std::string parent_id;  // the recorded store that it lies in; empty: none
    std::shared_ptr<const imagemanager::WatchedFolder> rows;
    std::uint64_t fingerprint = 0;  // of the rows of consolidations
};

struct RecordsView {
    std::shared_ptr<const imagemanager::Records> records;  // null: nothing is known
    std::map<std::string, RecordedFolder> folders;         // live ones by id; at most 10,000
    std::vector<std::string> left_behind;                  // paths of rows that are no folder any more
    std::vector<std::string> not_mapped;                   // paths of live folders that no rule brings here

    // By target of the records, the ids of the folders whose sets it knows.
    [[nodiscard]] std::vector<std::string> folders_of(const imagemanager::Target& target) const;
    [[nodiscard]] const RecordedFolder* find(const std::string& id) const;
    // Adds to `memory` (sorted by name) consolidations that the records know and `entries` lack, marked as `recorded`, so that an
    // analysis knows where those after them begin; those younger than `lag` seconds are left out, as the records may be behind.
    void remember_lost(std::vector<spchain::Memory>& memory, const std::string& id, std::span<const spchain::Entry> entries,
                       std::int64_t lag, spchain::UnixTime now) const;
};

[[nodiscard]] RecordsView records_view(std::shared_ptr<const imagemanager::Records> records, const config::Config& config);

}  // namespace imc::engine
