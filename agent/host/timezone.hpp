// The computer's time zone as data: offsets from UTC and when they change. What it is not: a time zone database for other
// places. The search is timezone.cpp; what the system says of one instant is timezone_posix.cpp and timezone_win32.cpp.
#pragma once

#include "spchain/calendar.hpp"

#include <cstdint>
#include <vector>

namespace imc::host {

// Changes between two instants, the first valid from `from`. Never throws but for want of memory; UTC where unknown.
[[nodiscard]] std::vector<spchain::OffsetChange> local_offsets(spchain::UnixTime from, spchain::UnixTime to);

// Seconds east of UTC at that instant, by the rules of its own year; 0 where unknown.
[[nodiscard]] std::int32_t local_offset(spchain::UnixTime t);

}  // namespace imc::host
