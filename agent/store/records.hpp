// The values that the agent keeps and serves: folders, volumes, findings, samples. Plain data with the names
// of the API. What it is not: the database's layout (layout.cpp) or JSON (agent/api/views).
// Times are Unix seconds, 0 for "never" or "not known" unless said otherwise; sizes are bytes.
#pragma once

#include "spchain/folder.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace imc::store {

using spchain::UnixTime;

struct FolderRecord {
    std::string id;  // stable: made from the path
    std::string path;
    std::string customer;      // empty: not known
    std::string machine;       // empty: not known
    std::string type;          // "normal" | "backup_store"
    std::string parent_id;     // the backup store this is a child of; empty otherwise
    std::string source;        // "configuration" | "adopted" | "auto_adopted" | "backup_store" | "imagemanager"
    std::string profile;       // "primary" | "replica"
    std::string state;         // "pending" never read yet | "ok" | "stale" last known data, could not be read | "conflict"
    std::string error;         // scan::errc word while stale; empty otherwise
    std::string identity;      // of the directory, to notice two folders on one directory
    std::uint64_t digest = 0;  // of the last good look
    std::uint64_t images = 0;
    std::uint64_t image_bytes = 0;
    std::uint64_t companions = 0;
    std::uint64_t foreign = 0;
    std::uint64_t settling = 0;
    std::uint64_t incrementals_bytes = 0;
    std::uint64_t chains = 0;
    std::string retention;  // JSON object as text: as expected and as found; empty: never judged
    std::string records;    // JSON object as text: what ImageManager's records say; empty: they do not know the folder
    std::optional<std::uint64_t> free_bytes;
    std::optional<std::uint64_t> total_bytes;
    UnixTime first_seen = 0;
    UnixTime last_scan = 0;       // tried
    UnixTime last_good_scan = 0;  // succeeded
    std::uint64_t seq = 0;        // change cursor of the last change that a reader can see
};

// What the agent's own checks of digests have shown of the images that are there now.
struct CheckFacts {
    std::uint64_t good = 0;
    std::uint64_t failed = 0;
    std::uint64_t others = 0;  // could not be compared: no .md5, or it could not be read
    UnixTime oldest = 0;       // of the newest check of each
    UnixTime newest = 0;
};

struct VolumeRecord {
    std::string id;  // stable: made from the folder's path and the volume's name
    std::string folder_id;
    std::string volume;  // C_VOL
    std::string machine;
    std::string customer;
    std::uint64_t usage_bytes = 0;
    std::uint64_t retention_bytes = 0;
    std::uint64_t images = 0;
    std::uint64_t chains = 0;
    std::uint32_t base = 0;  // newest base
    UnixTime base_written = 0;
    std::string newest_image;
    UnixTime newest_written = 0;
    std::string newest_point;             // "b001-i012"; empty: none
    std::string verdict;                  // of the newest point; "broken" when there is none
    std::string newest_restorable_point;  // newest that is not broken; empty: none
    UnixTime newest_restorable_written = 0;
    std::array<std::uint64_t, 4> points{};  // by spchain::Verdict
    UnixTime first_seen = 0;
    UnixTime vanished = 0;  // all its images are gone since
    bool stale = false;     // the folder could not be read: all of this is last known
    CheckFacts checks;      // kept by the store itself
    std::string records;    // as of the folder
    std::uint64_t seq = 0;
};

// What a person set for a volume, kept apart from what scans find; survives rebuilds of the history.
struct VolumeSettings {
    std::optional<std::int64_t> grace_days;
    std::string notes;
    std::string expected_retention;  // free JSON object as text; empty: none
};

struct AdoptedFolder {
    std::string path;
    std::string type;  // "normal" | "backup_store"
    std::string customer;
    std::string machine;
    bool automatic = false;
    UnixTime since = 0;
};

struct FindingRecord {
    std::string key;  // code, scope and subject: the same state has the same key
    std::string code;
    std::string severity;  // "critical" | "warning" | "info"
    std::string domain;
    std::string who;  // "msp" | "client" | "vendor" | "nobody"
    bool self_heals = false;
    std::string says;
    std::string remedy;
    std::string evidence;   // JSON object as text
    std::string folder_id;  // empty: about the agent
    std::string volume_id;
    UnixTime first_seen = 0;
    UnixTime last_seen = 0;  // while open: the last time the state behind it was looked at and still held
    UnixTime closed = 0;     // 0: open
    std::uint64_t seq = 0;
};

struct Sample {
    UnixTime at = 0;  // one per folder and day, the day's last
    std::uint64_t image_bytes = 0;
    std::uint64_t images = 0;
    std::optional<std::uint64_t> free_bytes;
};

// One kind of thing that happened in a folder on a local calendar day.
// `kind` is "<who says so>.<what>": "look.created", "look.consolidated", "look.removed" (by the agent's own looks), "check.good" ...
// (CheckResult), "event.<EventKind>", "log.<LogMessage>".
struct ActivityCount {
    spchain::DayNumber day = 0;
    std::string folder_id;
    std::string kind;
    std::uint64_t times = 0;
    std::uint64_t bytes = 0;
};

// What one good look at one folder changes, handed to Store::apply in one piece and written in one transaction.
struct FolderChange {
    FolderRecord folder;                  // whole new state; seq is set by the store
    std::vector<VolumeRecord> volumes;    // all volumes of the folder; absent ones become vanished
    bool images_changed = false;          // false: memory is left alone
    std::vector<spchain::Memory> memory;  // all that is to be remembered
    std::vector<FindingRecord> findings;  // all open findings of scope "scan" of this folder and its volumes
    std::vector<std::uint64_t> settled;   // troubles (activity.hpp) that hold no more
    std::vector<ActivityCount> activity;  // what happened since the last look
};

// What ImageManager's records say of one folder and its volumes, handed to History::set_records.
struct RecordsChange {
    std::string folder_id;
    std::string folder;                          // FolderRecord::records
    std::map<std::string, std::string> volumes;  // VolumeRecord::records by id; of those that are not here: none
};

struct Tombstone {
    std::string kind;  // "folder" | "volume"
    std::string id;
    std::uint64_t seq = 0;
};

// "fld_" and "vol_" and sixteen hexadecimal digits of a SHA-256; the same on every run and after a rebuild.
// `path` is normalised (scan::normalise); volume names, and paths as Windows writes them, compare without ASCII case.
[[nodiscard]] std::string folder_id(const std::string& path);
[[nodiscard]] std::string volume_id(const std::string& path, const std::string& volume);

}  // namespace imc::store
