// Sizes, ages and times as people read them, and times as machines do. What it is not: exact; sizes and ages are
// rounded. Pure functions, English only, independent of the locale.
#pragma once

#include "agent/store/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imc::monitor {

[[nodiscard]] std::string bytes_text(std::uint64_t bytes);  // "0 B", "999 B", "1.2 TB", "240 GB"; decimal units
[[nodiscard]] std::string age_text(std::int64_t seconds);   // "42 s", "12 min", "5 h 12 min", "3 days 4 h", "40 days"; negative: "0 s"
[[nodiscard]] std::string count_text(std::uint64_t count, std::string_view one, std::string_view many);  // "1 image", "3 images"
// "a", "a and b", "a, b and c", "a, b, c and 17 more": at most `most` items, of `count` in all.
[[nodiscard]] std::string list_text(const std::vector<std::string>& items, std::size_t most, std::uint64_t count);

// "2026-11-21T09:30:00Z". Years outside 0 to 9999 become the nearest time within.
[[nodiscard]] std::string rfc3339(store::UnixTime time);
// "2026-11-21 09:30 UTC", for sentences.
[[nodiscard]] std::string moment_text(store::UnixTime time);
// Any offset; fractions of a second are dropped; a leap second is the second after. Nothing for anything else.
[[nodiscard]] std::optional<store::UnixTime> parse_rfc3339(std::string_view text) noexcept;

// Lines of at most `width` columns, each after `indent` blanks, ended by '\n'. Longer words stand alone.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace imc::monitor
