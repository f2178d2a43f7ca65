// Times as people and files write them, in UTC. What it is not: a clock or a time zone.
#pragma once

#include "spchain/calendar.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace generator {

// "2026-03-01T12:00:00Z" or with an offset such as "+01:00"; seconds may have a fraction, which is dropped.
// Nothing for anything else, years 1970 to 2999.
[[nodiscard]] std::optional<spchain::UnixTime> parse_time(std::string_view text);
[[nodiscard]] std::string slashed_date(spchain::UnixTime when);  // "2026/03/01"
[[nodiscard]] std::string time_text(spchain::UnixTime when);     // "2026-03-01 12:00:00"

}  // namespace generator
