// What ImageManager's own database says: the folders that it manages, the sets of images and the files in them, and where it
// replicates to. Values that nobody has described (image types, statuses other than -1 and 1) are given as they are. What a
// database lacks - tables and columns differ between versions - is nothing, never zero. What it is not: the truth; what
// the disk holds may differ. Pure: a function of the database's bytes, without clock.
//
// Tables as monitors of the field have published them (see ARCHITECTURE.md): WatchPaths(Index, Path), of which rows of
// folders that are no longer managed remain, TargetPaths(Index, Path), w<N>Sets, w<N>Files, and for each target
// <type><N>Queue and <type><N>Sent. Times are UTC.
#pragma once

#include "agent/imagemanager/jet/source.hpp"
#include "agent/imagemanager/records_error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imc::imagemanager {

using UnixTime = std::int64_t;

// One chain or volume; a row of w<N>Sets.
struct ImageSet {
    std::optional<std::int64_t> id;
    std::optional<std::string> machine;
    std::optional<std::string> base_name;  // "C_VOL-b001"
    std::optional<std::string> set_guid;   // "{694A6C72-21D0-4A98-B7B8-79F553E460CC}"
    std::optional<std::int64_t> images;
    std::optional<UnixTime> latest_create_time;
    std::optional<UnixTime> sync_time;
    friend bool operator==(const ImageSet&, const ImageSet&) = default;
};

// A row of w<N>Files.
struct ImageFile {
    std::optional<std::string> name;
    std::optional<std::uint64_t> bytes;
    std::optional<UnixTime> created;
    std::optional<std::int64_t> image_type;  // codes are not known
    std::optional<UnixTime> last_verified;
    std::optional<std::int64_t> verify_status;  // 1 well, -1 failed; others are not known
    std::optional<bool> verify_failed;
    std::optional<std::string> set_guid;
    // Verification is known to have failed.
    [[nodiscard]] bool failed() const noexcept { return verify_failed == true || verify_status == -1; }
    friend bool operator==(const ImageFile&, const ImageFile&) = default;
};

struct WatchedFolder {
    std::optional<std::int64_t> index;
    std::optional<std::string> path;  // as ImageManager's computer writes it
    bool live = false;                // w<Index>Sets exists; else the row was left behind, and there are no sets and files
    std::vector<ImageSet> sets;
    std::optional<std::vector<ImageFile>> files;  // nothing: there is no w<Index>Files
    friend bool operator==(const WatchedFolder&, const WatchedFolder&) = default;
};

enum class TargetType : std::uint8_t { local, network, ftp, shadowstream, headstart, cloud, unknown };
[[nodiscard]] std::string_view to_string(TargetType type) noexcept;

// What of one set waits for a target and was sent to it: rows of the queue and of the sent table with that SetGuid.
struct TargetSet {
    std::string set_guid;
    std::uint64_t queued = 0;                   // files
    std::optional<std::uint64_t> queued_bytes;  // nothing where the size of one is not known
    std::optional<UnixTime> oldest_queued;
    std::uint64_t sent = 0;
    std::optional<UnixTime> last_sent;
    std::optional<std::string> last_sent_name;  // of HeadStart the newest image that was applied
    friend bool operator==(const TargetSet&, const TargetSet&) = default;
};

// One pair of queue and sent tables with its row of TargetPaths, or a row without tables, which was left behind.
struct Target {
    std::optional<std::int64_t> index;
    std::optional<std::string> path;  // of HeadStart a file; nothing where TargetPaths has no such row
    TargetType type = TargetType::unknown;
    bool live = false;                          // there is a queue or sent table
    std::optional<std::uint64_t> queued;        // files
    std::optional<std::uint64_t> queued_bytes;  // nothing where the size of one is not known
    std::optional<UnixTime> oldest_queued;      // when the oldest image in the queue was created
    std::optional<std::uint64_t> sent;          // files
    std::optional<std::uint64_t> sent_bytes;
    std::optional<UnixTime> last_sent;
    std::vector<TargetSet> sets;  // by set_guid; without rows that name none
    friend bool operator==(const Target&, const Target&) = default;
};

struct Records {
    std::vector<WatchedFolder> folders;          // as in WatchPaths
    std::optional<std::vector<Target>> targets;  // nothing: there are neither TargetPaths nor queues
    // What this version of the agent has never heard of, for whoever looks after compatibility: "xyz3Thing", "w1Files.Extra".
    std::vector<std::string> unknown_tables;
    std::vector<std::string> unknown_columns;
};

// More is refused: rows of all tables together, and of those that are kept in memory (all but queues and sent files).
inline constexpr std::uint64_t most_rows = 20'000'000;
inline constexpr std::uint64_t most_kept_rows = 1'000'000;

// All or nothing: a database that cannot be read in full gives an error.
[[nodiscard]] RecordsResult<Records> read_records(const jet::Source& source);

}  // namespace imc::imagemanager
