// What ImageManager's records say of one folder beside what the disk holds, as the agent's last look saw it. Differences are
// facts here; how long they must last and how they are told is for others. What it is not: a reader of either. Pure.
//
// Retention removes what a consolidation holds, and nobody has described when ImageManager forgets such a file. A row without
// a file is told only where no present image of a higher level ends at or after it, so that nothing else can hold it.
#pragma once

#include "agent/imagemanager/records.hpp"
#include "spchain/folder.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace imc::imagemanager {

// A file of the records and of the disk.
struct Difference {
    std::string name;
    std::uint64_t recorded_bytes = 0;  // 0: not recorded
    std::uint64_t bytes = 0;           // on disk; 0: not there
    UnixTime since = 0;                // when the file was made or first seen, as far as either knows; 0: not known
    friend bool operator==(const Difference&, const Difference&) = default;
};

// What the records say of the verification of files that are there.
struct Verification {
    std::uint64_t files = 0;     // with a row
    std::uint64_t verified = 0;  // with a time of verification, and not failed
    std::uint64_t failed = 0;
    std::vector<std::string> failed_names;              // at most names_kept, ascending
    UnixTime newest = 0;                                // last verification of any; 0: none
    UnixTime oldest = 0;                                // of the one whose last is longest ago; 0: none
    std::map<std::int64_t, std::uint64_t> other_codes;  // statuses that nobody has described, and how many files have them
    friend bool operator==(const Verification&, const Verification&) = default;
};

struct VolumeRecords {
    std::string volume;  // as first written; "" for what has no place in a chain
    Verification verification;
    friend bool operator==(const VolumeRecords&, const VolumeRecords&) = default;
};

struct Comparison {
    bool files_known = false;             // there is a table of files; without it nothing below but sets is known
    std::vector<Difference> gone;         // known to ImageManager, not on disk, and nothing explains it
    std::vector<Difference> unknown;      // images on disk that it does not know; since they were written
    std::vector<Difference> sizes;        // of files that do not settle
    std::vector<std::string> empty_sets;  // names of sets (else their ids) without any file
    std::vector<VolumeRecords> volumes;   // ascending by name without case
    Verification verification;            // of the folder
    friend bool operator==(const Comparison&, const Comparison&) = default;
};

inline constexpr std::size_t names_kept = 20;

// `memory`: what the agent remembers of the folder. Names compare without the case of ASCII letters. Lists ascend by name and
// are whole. O(n log n).
[[nodiscard]] Comparison compare(const WatchedFolder& folder, std::span<const spchain::Memory> memory);

// Rows of consolidations without a file in `entries`, as in Comparison::gone, as something that is remembered to have been
// there; sorted by name. They let spchain know where the images after them begin.
[[nodiscard]] std::vector<spchain::Memory> lost_consolidations(const WatchedFolder& folder, std::span<const spchain::Entry> entries,
                                                               spchain::UnixTime now);

}  // namespace imc::imagemanager
