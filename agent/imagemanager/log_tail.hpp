// A growing log read from where the last reading stopped. The position remembers a digest of the log's beginning and of what came
// last before it, so that another file under the same name (rotation) and a shorter one (truncation) are noticed. What it is
// not: a parser of lines (log_line.hpp), a watcher of changes, or a search for what a rotation carried away.
#pragma once

#include "agent/imagemanager/shared_file.hpp"
#include "agent/imagemanager/text_lines.hpp"

#include <boost/system/result.hpp>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

namespace imc::imagemanager {

// Plain data, for whoever keeps it between two readings.
struct LogPosition {
    std::uint64_t offset = 0;   // bytes that were read, up to a line's end
    bool in_long_line = false;  // the line before `offset` goes on and was given already, cut
    std::string digest;         // SHA-256 of the first and the last window_bytes before `offset`, in hexadecimal; empty of none
    friend bool operator==(const LogPosition&, const LogPosition&) = default;
};

enum class LogChange : std::uint8_t {
    first,      // there was no position
    none,       // nothing was written since
    grown,      // read on from the position
    truncated,  // shorter than the position: read from its beginning
    replaced,   // what comes before the position is not what it was: another file, or written anew; read from its beginning
};
[[nodiscard]] std::string_view to_string(LogChange change) noexcept;

struct LogReading {
    LogPosition position;  // for the next reading
    LogChange change = LogChange::first;
    std::uint64_t bytes = 0;  // read now
    std::uint64_t lines = 0;  // given now
    bool more = false;        // stopped at a limit; the next reading goes on
};

struct LogOptions {
    std::size_t chunk = std::size_t{256} << 10;           // bytes in memory at once, besides a line; at least 4 KiB
    std::uint64_t most_bytes = std::uint64_t{256} << 20;  // of one reading; at least twice the longest line
    CodePage code_page = CodePage::unknown;
    // A reading that takes longer ends as it does at most_bytes, but not before it has read that least.
    std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max();
};

inline constexpr std::size_t window_bytes = 4096;

// Gives every whole line to `sink` in their order; a last line without an end waits for the next reading. Waits for the disk.
// errc::cancelled, host::errc::not_a_file or the system's error: then lines may have been given, and the old position holds.
[[nodiscard]] boost::system::result<LogReading> read_log(const std::string& path, const std::optional<LogPosition>& from,
                                                         const LogOptions& options, std::stop_token stop, const LineSplitter::Sink& sink);

}  // namespace imc::imagemanager
