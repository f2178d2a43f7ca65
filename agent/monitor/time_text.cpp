#include "agent/monitor/over_time.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace imc::monitor {
namespace {

using store::UnixTime;

constexpr UnixTime first_second = -62'167'219'200;  // 0000-01-01T00:00:00Z
constexpr UnixTime last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

struct Date {
    std::int64_t year;
    int month, day;
};

// Howard Hinnant's civil_from_days and days_from_civil.
Date date_of(std::int64_t days) noexcept {
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t of_era = days - era * 146'097;
    const std::int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
    const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted = (5 * of_year + 2) / 153;
    const int month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, static_cast<int>(of_year - (153 * shifted + 2) / 5 + 1)};
}

std::int64_t days_of(std::int64_t year, int month, int day) noexcept {
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t of_era = year - era * 400;
    const std::int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

int month_days(int year, int month) noexcept {
    static constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

// Takes what it is asked for off the front of a text; once something does not fit, `good` stays false.
struct Taker {
    std::string_view rest;
    bool good = true;

    int number(std::size_t digits, int low, int high) noexcept {
        int value = 0;
        good = good && rest.size() >= digits;
        for (std::size_t i = 0; good && i < digits; ++i) {
            good = rest[i] >= '0' && rest[i] <= '9';
            value = value * 10 + (rest[i] - '0');
        }
        if (good) rest.remove_prefix(digits);
        good = good && value >= low && value <= high;
        return good ? value : low;
    }
    char one_of(std::string_view allowed) noexcept {
        good = good && !rest.empty() && allowed.find(rest[0]) != std::string_view::npos;
        const char taken = good ? rest[0] : '\0';
        if (good) rest.remove_prefix(1);
        return taken;
    }
};

struct Parts {
    Date date;
    int hour, minute, second;
};

Parts parts_of(UnixTime time) noexcept {
    time = std::clamp(time, first_second, last_second);
    const std::int64_t days = (time >= 0 ? time : time - (day_seconds - 1)) / day_seconds;
    const auto of_day = static_cast<int>(time - days * day_seconds);
    return {date_of(days), of_day / 3600, of_day % 3600 / 60, of_day % 60};
}

}  // namespace

std::string rfc3339(UnixTime time) {
    const Parts p = parts_of(time);
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", static_cast<int>(p.date.year),
                                     p.date.month, p.date.day, p.hour, p.minute, p.second);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string moment_text(UnixTime time) {
    const std::string text = rfc3339(time);
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::optional<UnixTime> parse_rfc3339(std::string_view text) noexcept {
    Taker take{text};
    const int year = take.number(4, 0, 9999);
    take.one_of("-");
    const int month = take.number(2, 1, 12);
    take.one_of("-");
    const int day = take.number(2, 1, month_days(year, month));
    take.one_of("Tt ");
    const int hour = take.number(2, 0, 23);
    take.one_of(":");
    const int minute = take.number(2, 0, 59);
    take.one_of(":");
    const int second = take.number(2, 0, 60);
    if (take.good && !take.rest.empty() && take.rest[0] == '.') {
        const std::size_t end = std::min(take.rest.find_first_not_of("0123456789", 1), take.rest.size());
        take.good = end > 1;
        take.rest.remove_prefix(end);
    }
    const char zone = take.one_of("Zz+-");
    int offset = 0;
    if (zone == '+' || zone == '-') {
        offset = take.number(2, 0, 23) * 3600;
        take.one_of(":");
        offset += take.number(2, 0, 59) * 60;
    }
    if (!take.good || !take.rest.empty()) return std::nullopt;
    return days_of(year, month, day) * day_seconds + hour * 3600 + minute * 60 + second + (zone == '-' ? offset : -offset);
}

}  // namespace imc::monitor
