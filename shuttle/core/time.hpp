// Time as the sans-I/O core sees it: points that the caller hands in. What it is not: a clock; nothing here asks what
// time it is. The points must come from one monotonic clock and never run backwards.
#pragma once

#include <chrono>

namespace shuttle::core {

using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

// "Never": no deadline.
inline constexpr TimePoint never = TimePoint::max();

}  // namespace shuttle::core
