// The computer's time zone as data: offsets from UTC and when they change. timezone_posix.cpp and timezone_win32.cpp.
// What it is not: a time zone database for other places.
#pragma once

#include "spchain/calendar.hpp"

#include <vector>

namespace imc::host {

// Changes between two instants, the first valid from `from`. Never throws but for want of memory; UTC where unknown.
[[nodiscard]] std::vector<spchain::OffsetChange> local_offsets(spchain::UnixTime from, spchain::UnixTime to);

}  // namespace imc::host
