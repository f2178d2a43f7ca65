// One folder's listing in, chains, restore points, verdicts and findings out. Points are vertices and
// images are edges: an image carries the disk from its tail point to its head point. What it is not: a
// reader of disks or databases. It has no clock, no file system and no memory of its own; what the agent
// remembers of earlier looks is handed in and the updated memory is handed back.
//
//     base --i1--> 1 --i2--> 2 -- ... --> 24 --i25--> 25 ...
//       `--------- i24-cd ---------------> 24 ------- i48-cd -----> 48
//
// analyse() never fails and never throws but for want of memory; its cost is O(n log n) in the listing.
#pragma once

#include "spchain/calendar.hpp"
#include "spchain/finding.hpp"
#include "spchain/name.hpp"
#include "spchain/statement.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spchain {

// A state the disk can be returned to, within one chain. {0,0} is the base itself.
struct Point {
    std::uint32_t differential = 0;
    std::uint32_t incremental = 0;
    friend constexpr auto operator<=>(const Point&, const Point&) = default;
};
[[nodiscard]] std::string to_string(std::uint32_t base, Point point);  // "b001", "b001-i012", "b001-d002-i003"
// Reads what to_string wrote, in any case and digit width; nothing else.
[[nodiscard]] std::optional<std::pair<std::uint32_t, Point>> parse_point(std::string_view text) noexcept;

// Where an image's tail comes from.
enum class Basis : std::uint8_t {
    inferred,  // computed from neighbours and the calendar; may be wrong
    observed,  // the agent saw what existed when the file appeared
    attested,  // ImageManager's records say so
    named,     // the name itself says so
};

// What can be said of returning to a point. Order: worse is less.
enum class Verdict : std::uint8_t {
    broken,    // no path leads there, or the records say so
    doubtful,  // names allow a path, but calendar or numbering say that something is missing on it
    presumed,  // a path exists if inferred tails are right, and nothing speaks against them
    certain,   // a path exists whose every image has a named, observed or attested tail
};

enum class State : std::uint8_t {
    present,
    settling,  // still growing, or too young: neither missing nor corrupt
    orphan,    // its tail cannot be reached
};

// What kind of place a folder is; decides what absence means.
enum class Profile : std::uint8_t {
    primary,  // ShadowProtect writes here; raw increments are expected until consolidated
    replica,  // a copy; may hold only .spf and -cd
};

[[nodiscard]] std::string_view to_string(Basis) noexcept;
[[nodiscard]] std::string_view to_string(Verdict) noexcept;
[[nodiscard]] std::string_view to_string(State) noexcept;
[[nodiscard]] std::string_view to_string(Profile) noexcept;

// One file of the folder itself (never of a sub-folder), as the walk saw it.
struct Entry {
    std::string name;  // UTF-8, without directory
    std::uint64_t bytes = 0;
    UnixTime written = no_time;  // last write
};

// What the agent remembers of one image file from earlier looks at the same folder.
struct Memory {
    std::string name;
    std::uint64_t bytes = 0;
    UnixTime written = no_time;
    UnixTime first_seen = no_time;
    UnixTime vanished = no_time;  // no_time: it was there at the last look
    Point tail;                   // meaningful where has_tail
    bool has_tail = false;
    Basis basis = Basis::inferred;  // of that tail
    bool suspicious = false;        // the tail was inferred and already contradicted when first inferred
    bool recorded = false;          // gone, and known from ImageManager's records alone: its loss is told elsewhere
};

// How long ImageManager keeps what it has consolidated, counted from the roll-up; 0: for ever. The defaults are its own
// since version 6. They are minimums: what others depend on stays longer.
struct Retention {
    std::int32_t intra_daily = 7;  // days
    std::int32_t daily = 15;       // days
    std::int32_t weekly = 90;      // days
    std::int32_t monthly = 12;     // months
    friend bool operator==(const Retention&, const Retention&) = default;
};

// What the files of one level themselves show of the retention: how old the oldest is, and whether older ones have been
// there and are gone. Without `trimmed` the oldest says only that the retention is no shorter.
struct Kept {
    UnixTime oldest = no_time;  // no_time: there is none, or their times are lost
    bool trimmed = false;
};

// Of the newest chains of a folder.
struct KeptLevels {
    Kept intra_daily;
    Kept daily;
    Kept weekly;
    Kept monthly;
};

struct Rules {
    Calendar calendar;
    Retention retention;  // what may be gone without being lost
    Profile profile = Profile::primary;
    std::int64_t settle_seconds = 120;  // a file younger than this, or changed since the last look, is settling
    bool expect_md5 = true;
};

struct FolderInput {
    std::span<const Entry> entries;
    std::span<const Memory> memory;    // sorted by name, byte order; empty at the first look
    UnixTime previous_look = no_time;  // when memory was last brought up to date; no_time: never
    UnixTime now = no_time;
    Rules rules;
    std::span<const Statement> statements;  // in any order
};

// What statements make of an image; the worst counts.
enum class Standing : std::uint8_t {
    good,
    doubted,  // points through it are doubtful at best
    refused,  // no way leads through it
};
[[nodiscard]] std::string_view to_string(Standing) noexcept;

struct Image {
    std::uint32_t entry = 0;  // index into FolderInput::entries; of a spanned image the first member
    std::uint64_t bytes = 0;  // spans included
    UnixTime written = no_time;
    Kind kind = Kind::full;
    Point head;
    Point tail;               // of a full: the head
    bool suspicious = false;  // calendar or numbering contradict the tail: paths through it are doubtful
    Basis basis = Basis::named;
    State state = State::present;
    Standing standing = Standing::good;
    std::int32_t head_at = -1;  // indices into Chain::points; -1: no such point
    std::int32_t tail_at = -1;
    std::uint32_t blast_radius = 0;  // points of this chain that only this file keeps reachable, statements apart
};

// What an image alone allows to be said of a path through it: doubtful where it is suspicious or settling, presumed where
// its tail is inferred, else certain.
[[nodiscard]] Verdict strength_of(const Image& image) noexcept;

struct PointState {
    Point point;
    UnixTime written = no_time;  // of the earliest written file with this head
    Verdict verdict = Verdict::broken;
    std::int32_t via = -1;            // index into Chain::images of the last file of its restore set; -1: none or broken
    std::uint64_t restore_bytes = 0;  // bytes of the restore set; 0 when broken
    std::uint32_t restore_files = 0;
};

// One base and all that depends on it.
struct Chain {
    std::uint32_t base = 0;
    std::vector<Image> images;          // ascending by head, then kind, then name
    std::vector<PointState> points;     // ascending; heads of files that are there (settling ones apart)
    std::int32_t newest = -1;           // index into points of the newest; -1: none
    std::uint64_t usage_bytes = 0;      // restore set of the newest point that can be restored
    std::uint64_t retention_bytes = 0;  // all other images
    UnixTime newest_written = no_time;

    // Names no file twice; base first. Empty when the point is broken or unknown. Indices into images.
    // The path has the best verdict there is, then fewest bytes, then fewest files.
    [[nodiscard]] std::vector<std::uint32_t> restore_set(Point point) const;
    [[nodiscard]] const PointState* find(Point point) const noexcept;

    // Per vertex and verdict class, how the best path arrives; see src/paths.cpp.
    std::vector<std::vector<std::int32_t>> arrivals;
};

struct Volume {
    std::string name;           // as first written
    std::vector<Chain> chains;  // ascending by base
    UnixTime newest_written = no_time;
    std::vector<Finding> findings;
};

struct FolderReport {
    std::vector<Volume> volumes;  // ascending by name, case-insensitively
    std::uint64_t images = 0;
    std::uint64_t image_bytes = 0;
    std::uint64_t companions = 0;
    std::uint64_t foreign = 0;
    std::uint64_t settling = 0;
    KeptLevels kept;
    std::vector<Finding> findings;  // of the folder itself
    std::vector<Memory> memory;     // to be remembered: every image there now, and those vanished; sorted by name
    // Indices into FolderInput::statements, ascending: `damaged`, `questioned` and `incomplete` that hold no more, for ever.
    std::vector<std::uint32_t> settled;
};

[[nodiscard]] FolderReport analyse(const FolderInput& input);

}  // namespace spchain
