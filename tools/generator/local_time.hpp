// The clock and the time zone of this computer, as data. What it is not: used by anything that makes trees; these take
// the instant and the calendar as parameters.
#pragma once

#include "spchain/calendar.hpp"

namespace generator {

[[nodiscard]] spchain::UnixTime clock_now();
// Offsets from three years before `now` to a day after it; weeks end on Saturday, months on the 31st.
[[nodiscard]] spchain::Calendar local_calendar(spchain::UnixTime now);

}  // namespace generator
