#include "tools/generator/local_time.hpp"

#include <time.h>

namespace generator {

spchain::UnixTime clock_now() {
    return ::time(nullptr);
}

spchain::Calendar local_calendar(spchain::UnixTime now) {
    spchain::Calendar calendar;
    ::tzset();
    constexpr spchain::UnixTime hour = 3600;
    // On whole hours, since that is when clocks are put forward and back.
    const auto from = (now / hour - 3 * 366 * 24) * hour;
    for (auto at = from; at <= now + 24 * hour; at += hour) {
        const time_t instant = at;
        tm local{};
        if (::localtime_r(&instant, &local) == nullptr) continue;
        const auto offset = static_cast<std::int32_t>(local.tm_gmtoff);
        if (calendar.offsets.empty() || calendar.offsets.back().offset_seconds != offset) calendar.offsets.push_back({at, offset});
    }
    return calendar;
}

}  // namespace generator
