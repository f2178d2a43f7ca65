#include "tools/generator/time_text.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace generator {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

// Takes `digits` digits and what must follow them from the front.
std::optional<int> take(std::string_view& text, int digits, char after) {
    int value = 0;
    for (int k = 0; k < digits; ++k) {
        if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
        value = value * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    if (after == 0) return value;
    if (text.empty() || (text.front() | 0x20) != (after | 0x20)) return std::nullopt;
    text.remove_prefix(1);
    return value;
}

std::optional<int> take_offset(std::string_view text) {
    if (text == "Z" || text == "z") return 0;
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = take(text, 2, ':');
    const auto minutes = take(text, 2, 0);
    if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
    return sign * (*hours * 3600 + *minutes * 60);
}

std::string formatted(const char* format, spchain::UnixTime when) {
    const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(when)));
    const year_month_day date(day);
    const auto second = static_cast<int>(when - std::chrono::sys_seconds(day).time_since_epoch().count());
    char text[64];
    const int length = std::snprintf(text, sizeof text, format, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                     static_cast<unsigned>(date.day()), second / 3600, second / 60 % 60, second % 60);
    return std::string(text, static_cast<std::size_t>(length));
}

}  // namespace

std::optional<spchain::UnixTime> parse_time(std::string_view text) {
    const auto year = take(text, 4, '-');
    const auto month = take(text, 2, '-');
    const auto day = take(text, 2, 'T');
    const auto hour = take(text, 2, ':');
    const auto minute = take(text, 2, ':');
    const auto second = take(text, 2, 0);
    if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
    if (text.starts_with('.')) text.remove_prefix(std::min(text.find_first_not_of("0123456789", 1), text.size()));
    const auto offset = take_offset(text);
    const year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                              std::chrono::day(static_cast<unsigned>(*day))};
    if (!offset || !date.ok() || *year < 1970 || *year > 2999 || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    const auto days = sys_days(date).time_since_epoch().count();
    return static_cast<spchain::UnixTime>(days) * 86'400 + *hour * 3600 + *minute * 60 + *second - *offset;
}

std::string slashed_date(spchain::UnixTime when) {
    return formatted("%04d/%02u/%02u", when);
}
std::string time_text(spchain::UnixTime when) {
    return formatted("%04d-%02u-%02u %02d:%02d:%02d", when);
}

}  // namespace generator
