// What a managed folder holds: its listing by type of folder, the bytes under Incrementals, and the space
// left. What it is not: an analysis; and it knows nothing of databases or threads.
#pragma once

#include "agent/scan/listing.hpp"

#include <string>
#include <vector>

namespace imc::scan {

enum class FolderType {
    normal,        // sub-folders are ignored
    backup_store,  // exactly one level below is managed; images in its root are misplaced
};

struct FolderLook {
    Listing listing;                       // files of the folder itself
    std::uint64_t incrementals_bytes = 0;  // of files directly under Incrementals; never part of a chain
    std::uint64_t incrementals_files = 0;
    bool incrementals_known = true;      // false: Incrementals is there but could not be read; its numbers are 0 and mean nothing
    errc incrementals_error = errc::ok;  // why not
    Space space;                         // zero where the platform does not say
    bool space_known = false;
    std::string identity;      // empty where the platform does not say
    std::uint64_t digest = 0;  // listing and Incrementals together
};

// One folder, not its children. For files that were written within `fresh_seconds` of `now` the size is asked
// of the file itself (a directory entry may lag behind an open handle on Windows). Blocks; limits.milliseconds is for all of it.
[[nodiscard]] boost::system::result<FolderLook> look(const std::string& path, const Limits& limits, std::int64_t now,
                                                     std::int64_t fresh_seconds, std::stop_token stop);

// The children of a backup store that are folders of their own: absolute paths, sorted; Incrementals is none.
[[nodiscard]] boost::system::result<std::vector<std::string>> children(const std::string& store, const Limits& limits,
                                                                       std::stop_token stop);

// A folder at or below a discovery root that holds images.
struct Discovered {
    std::string path;
    std::uint64_t images = 0;
    std::uint64_t bytes = 0;
    std::int64_t newest_written = 0;
};
struct DiscoveryLimits {
    int depth = 4;                        // levels below the root; what lies deeper is not asked for, so not missed either
    std::size_t directories = 20'000;     // looked into in all
    std::size_t found = 2'000;            // reported at most
    Limits each;                          // for one directory
    std::int64_t milliseconds = 600'000;  // for the root as a whole
};
struct Discovery {
    std::vector<Discovered> found;        // sorted by path
    std::vector<std::string> unreadable;  // directories that could not be read, at most 100
    bool complete = true;                 // false: a limit cut the search
};
[[nodiscard]] boost::system::result<Discovery> discover(const std::string& root, const DiscoveryLimits& limits, std::stop_token stop);

}  // namespace imc::scan
