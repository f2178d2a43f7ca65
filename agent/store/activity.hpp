// What happened: counted by day and folder, entries worth reading, what ImageManager complained of, and how far its logs and events
// were read. Plain data. What it is not: a judgement; findings come of it in agent/monitor/troubles.hpp and, where an image or a chain
// is named, in spchain. Days are local calendar days since 1970; folders are told by id, empty where none is known.
#pragma once

#include "agent/store/records.hpp"

#include <string>
#include <vector>

namespace imc::store {

struct ActivityEntry {
    UnixTime at = 0;
    spchain::DayNumber day = 0;
    std::string folder_id;
    std::string kind;      // as in ActivityCount
    std::string severity;  // "critical" | "error" | "warning" | "information" | "unknown"
    std::string source;    // of an event; else the log's name
    std::uint32_t event_id = 0;
    std::string image;  // empty: none is named
    std::string text;   // as it is written
};

// Until something settles it.
struct Trouble {
    std::uint64_t number = 0;  // set by the store; never used again
    std::string kind;          // a word of EventKind or LogMessage
    std::string folder_id;
    std::string volume;      // empty: not known
    std::uint32_t base = 0;  // 0: not known
    std::string image;
    std::string source;
    std::uint32_t event_id = 0;
    std::string otherwise;  // what it would be by the numbers of 7.0.2, where the version is not known; empty: nothing else
    std::string severity;
    UnixTime first_at = 0;
    UnixTime last_at = 0;
    std::string text;  // of the newest
};

// The newest of its kind for a folder, volume and base as far as these are known.
struct Success {
    std::string kind;
    std::string folder_id;
    std::string volume;
    std::uint32_t base = 0;
    std::string image;
    UnixTime at = 0;
};

// Where the next reading begins.
struct Position {
    std::string source;        // "log:<path>" or "events:<path>"
    std::uint64_t offset = 0;  // of a log
    bool in_long_line = false;
    std::string digest;        // of a log; of an exported file, its size and time
    std::uint64_t record = 0;  // of events: the highest
    UnixTime newest = 0;       // of events: the newest time
};

// One reading, written as one: what it found, and that it was read.
struct ActivityChange {
    std::vector<ActivityCount> counts;
    std::vector<ActivityEntry> entries;
    std::vector<Trouble> troubles;
    std::vector<Success> successes;
    std::vector<Position> positions;
};

inline constexpr std::size_t most_entries = 100'000;  // that are kept
inline constexpr std::size_t most_troubles = 5'000;

}  // namespace imc::store
