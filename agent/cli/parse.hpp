// The command `imconnector parse [--json]`: names of files on standard input, one line each on the output that
// says what the name means. What it is not: a look at the disk; it never opens anything. With `json` each line is
// one JSON object whose keys always come in this order and are left out where they do not apply:
//
//   name type volume base differential incremental kind consolidations span companion stem
//
// Without it a line has five columns for people: type, kind or companion, point, volume, name.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>

namespace imc::cli {

inline constexpr std::size_t longest_name = 64 * 1024;  // bytes; of a longer line only so much is kept, as a foreign name

// Reads to the end of `in`, line by line; a "\r" before the line's end and a byte order mark before the first line
// are no part of a name. Memory is bounded whatever comes in. Output is flushed whenever no more input is at hand,
// which for a fast std::cin needs std::ios::sync_with_stdio(false). Returns 0, or 1 when reading or writing failed.
[[nodiscard]] int parse_names(std::istream& in, std::ostream& out, bool json);

// Appends the line for one name, with its line end. A `truncated` name is foreign. Valid UTF-8 whatever the name holds:
// bytes that are not become U+FFFD, and in the readable form control characters too.
void append_json_line(std::string& out, std::string_view name, bool truncated);
void append_readable_line(std::string& out, std::string_view name, bool truncated);

}  // namespace imc::cli
