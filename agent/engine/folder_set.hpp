// Which folders the agent watches, and why: configured, adopted, managed by ImageManager as its records say, and the children
// of backup stores, merged by path.
// What it is not: what was found in them (store::FolderRecord). Pure values.
#pragma once

#include "agent/config/config.hpp"
#include "agent/engine/records_view.hpp"
#include "agent/store/records.hpp"

#include <map>
#include <string>
#include <vector>

namespace imc::engine {

struct FolderSpec {
    std::string id;
    std::string path;  // normalised
    std::string type;  // "normal" | "backup_store"
    std::string customer;
    std::string machine;
    std::string profile;           // "primary" | "replica"
    std::string source;            // as in store::FolderRecord
    std::string parent_id;         // children of a backup store
    spchain::Retention retention;  // as expected

    friend bool operator==(const FolderSpec&, const FolderSpec&) = default;
};

// Children that earlier looks found: by the store's id, their paths.
using StoreChildren = std::map<std::string, std::vector<std::string>>;

// Sorted by path, each path once; configured folders win over adopted ones, those over recorded ones, and all over
// children of stores. A recorded child of a store has what a child has from its store. `remembered`: folders that records named
// earlier, as the history has them; they are watched as long as it is not known what the records say now.
[[nodiscard]] std::vector<FolderSpec> watched_folders(const config::Config& config, const std::vector<store::AdoptedFolder>& adopted,
                                                      const StoreChildren& children, const RecordsView& recorded = {},
                                                      const std::vector<store::FolderRecord>& remembered = {});

// Customer and machine of a path by the template; the folder's own name where the template does not say the machine.
struct Owner {
    std::string customer;
    std::string machine;
    bool matched = false;  // the path fits the template
};
[[nodiscard]] Owner owner_of(const std::string& path, const config::Config& config);

}  // namespace imc::engine
