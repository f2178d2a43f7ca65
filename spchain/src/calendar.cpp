#include "spchain/calendar.hpp"

#include <algorithm>
#include <chrono>

namespace spchain {
namespace {

using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr std::int64_t seconds_per_day = 86'400;

constexpr DayNumber number_of(sys_days day) noexcept {
    return static_cast<DayNumber>(day.time_since_epoch().count());
}

// std::chrono::year ends at 32767 either way; some room is left for stepping to the neighbouring month.
constexpr DayNumber first_day = number_of(year{-32'000} / 1 / 1);
constexpr DayNumber last_day = number_of(year{32'000} / 12 / 31);

constexpr DayNumber last_of_period(year_month month, int month_end) noexcept {
    const auto last = (month / std::chrono::last).day();
    const auto wanted = std::chrono::day{static_cast<unsigned>(std::clamp(month_end, 1, 31))};
    return number_of(sys_days{month / std::min(wanted, last)});
}

}  // namespace

DayNumber Calendar::day_of(UnixTime t) const noexcept {
    std::int64_t local = std::clamp(t, first_day * seconds_per_day, (last_day + 1) * seconds_per_day - 1);
    if (!offsets.empty()) {
        const auto after = std::upper_bound(offsets.begin(), offsets.end(), t,
                                            [](UnixTime value, const OffsetChange& change) { return value < change.from; });
        local += (after == offsets.begin() ? after : after - 1)->offset_seconds;
    }
    const std::int64_t day = local >= 0 ? local / seconds_per_day : -((seconds_per_day - 1 - local) / seconds_per_day);
    return static_cast<DayNumber>(std::clamp<std::int64_t>(day, first_day, last_day));
}

DayNumber Calendar::week_start(DayNumber day) const noexcept {
    day = std::clamp(day, first_day, last_day);
    constexpr int epoch_weekday = 4;  // Thursday
    const auto modulo_7 = [](int value) { return (value % 7 + 7) % 7; };
    return day - modulo_7(day + epoch_weekday - modulo_7(week_end) - 1);
}

DayNumber Calendar::month_start(DayNumber day) const noexcept {
    day = std::clamp(day, first_day, last_day);
    const year_month_day date{sys_days{std::chrono::days{day}}};
    const year_month month = date.year() / date.month();
    const DayNumber end = last_of_period(month, month_end);
    return 1 + (day > end ? end : last_of_period(month - std::chrono::months{1}, month_end));
}

}  // namespace spchain
