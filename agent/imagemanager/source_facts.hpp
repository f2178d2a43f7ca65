// How ImageManager itself stands, as the agent knows it: its installation, its database, and the targets that it replicates to.
// What it is not: what its records say of folders (records.hpp). Plain values.
#pragma once

#include "agent/imagemanager/installation.hpp"
#include "agent/imagemanager/records.hpp"

#include <optional>
#include <string>
#include <vector>

namespace imc::imagemanager {

enum class DatabaseState : std::uint8_t {
    off,         // the configuration wants none of it
    not_found,   // neither configured nor installed
    pending,     // not read yet
    ok,          // as of the last look
    unreadable,  // it cannot be read now; what is known is of `read_at`, or nothing
};
[[nodiscard]] constexpr std::string_view to_string(DatabaseState state) noexcept {
    constexpr std::string_view names[] = {"off", "not_found", "pending", "ok", "unreadable"};
    return names[static_cast<std::size_t>(state)];
}

struct TargetFacts {
    Target target;
    std::optional<bool> there;            // of a local disk or a share: whether it can be looked into now; nothing: not known
    std::vector<std::string> folder_ids;  // folders of which sets wait for it or were sent to it
};

struct SourceFacts {
    Installation installation;
    DatabaseState state = DatabaseState::pending;
    std::string problem;                      // why it cannot be read; empty: none
    UnixTime written = 0;                     // the database as it was read; 0: never
    UnixTime read_at = 0;                     // 0: never
    UnixTime looked = 0;                      // the last look at whether it has changed; 0: never
    std::uint64_t folders = 0;                // live ones
    std::vector<std::string> left_behind;     // paths of rows of folders that are managed no more, at most 100
    std::vector<std::string> not_mapped;      // paths of live folders that no rule brings here, at most 100
    std::vector<std::string> unknown_tables;  // and columns, as in Records, at most 100 each
    std::vector<std::string> unknown_columns;
    std::vector<TargetFacts> targets;  // at most 500
};

}  // namespace imc::imagemanager
