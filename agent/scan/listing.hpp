// Reads one directory: names, sizes and times of its files, and the names of its sub-directories, in as few
// system calls as the platform allows. What it is not: recursive, and it never opens, locks or changes a file.
// The implementations are listing_posix.cpp and listing_win32.cpp.
#pragma once

#include "spchain/folder.hpp"

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace imc::scan {

// Why a folder could not be read. Each becomes a finding; last known data is kept and marked stale.
enum class errc {
    ok = 0,
    not_found,        // the path does not exist (any more)
    access_denied,    // the account of the agent may not read it
    not_a_directory,  // the path is a file
    network,          // the share, the host or the device did not answer as it should
    too_many,         // more entries than the limit
    timed_out,        // the folder's time limit passed
    cancelled,        // the caller asked to stop
    io,               // any other error of the operating system
};
[[nodiscard]] const boost::system::error_category& category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), category()};
}
[[nodiscard]] std::string_view to_string(errc) noexcept;  // "not_found" ...

// Names are valid UTF-8; a byte (or UTF-16 unit) that is not becomes U+FFFD and its hexadecimal digits, so that different
// names stay different. Symbolic links, mount points and special files are neither followed nor listed.
struct Listing {
    std::vector<spchain::Entry> files;
    std::vector<std::string> directories;  // names only
    std::uint64_t bytes = 0;               // of all files
    // Over every name, size and time (to the nanosecond) of files and the names of directories, independent of order:
    // equal digests mean that nothing changed.
    std::uint64_t digest = 0;
};

struct Limits {
    std::size_t entries = 2'000'000;      // files and directories together
    std::int64_t milliseconds = 120'000;  // checked between batches
};

// `path` is absolute, UTF-8; it may itself be a link to a directory. Blocks; call it on a pool thread. Stops between batches
// when asked to. A directory that fails half-way is an error, never a short listing; a file that vanishes meanwhile is left out.
[[nodiscard]] boost::system::result<Listing> list(const std::string& path, const Limits& limits, std::stop_token stop);

struct Space {
    std::uint64_t total_bytes = 0;
    std::uint64_t free_bytes = 0;  // available to the agent's account
};
// Of the file system that holds `path`, mount points and shares included. Blocks.
[[nodiscard]] boost::system::result<Space> space(const std::string& path);

// Two paths name the same directory when these are equal (device and inode, volume and file id). Blocks.
[[nodiscard]] boost::system::result<std::string> identity(const std::string& path);

// Last component, parent and joining, with the separators of the platform. Never touch the disk. parent() of a root is the root.
[[nodiscard]] std::string join(const std::string& directory, const std::string& name);
[[nodiscard]] std::string last_component(const std::string& path);
[[nodiscard]] std::string parent(const std::string& path);
// Absolute, without trailing or doubled separators, "." and ".." (resolved by name alone); a relative path begins at the
// working directory. On Windows also with '\' only, an upper-case drive letter and no "\\?\".
[[nodiscard]] std::string normalise(const std::string& path);

}  // namespace imc::scan

template <>
struct boost::system::is_error_code_enum<imc::scan::errc> : std::true_type {};
