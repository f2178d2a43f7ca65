#include "spchain/calendar.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <random>

using namespace spchain;

namespace {

constexpr DayNumber day(int year, unsigned month, unsigned day_of_month) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day_of_month}};
    return static_cast<DayNumber>(std::chrono::sys_days{date}.time_since_epoch().count());
}

constexpr UnixTime at(DayNumber days, int hours, int minutes = 0, int seconds = 0) {
    return days * std::int64_t{86'400} + hours * 3'600 + minutes * 60 + seconds;
}

Calendar with_month_end(int month_end) {
    Calendar calendar;
    calendar.month_end = month_end;
    return calendar;
}

Calendar with_week_end(int week_end) {
    Calendar calendar;
    calendar.week_end = week_end;
    return calendar;
}

// The day after which a new period begins, by the words of the header.
bool ends_month(DayNumber days, int month_end) {
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
    const std::chrono::year_month_day_last last{date.year(), std::chrono::month_day_last{date.month()}};
    return static_cast<unsigned>(date.day()) == std::min(static_cast<unsigned>(month_end), static_cast<unsigned>(last.day()));
}

}  // namespace

TEST_CASE("Without offsets days are those of UTC") {
    const Calendar calendar;
    CHECK(calendar.day_of(0) == 0);
    CHECK(calendar.day_of(86'399) == 0);
    CHECK(calendar.day_of(86'400) == 1);
    CHECK(calendar.day_of(-1) == -1);
    CHECK(calendar.day_of(-86'400) == -1);
    CHECK(calendar.day_of(-86'401) == -2);
    CHECK(calendar.day_of(1'709'164'800) == day(2024, 2, 29));
}

TEST_CASE("Offsets move the day, each from its own instant") {
    Calendar calendar;  // Central Europe in 2024: one hour, two in summer
    const UnixTime summer = at(day(2024, 3, 31), 1);
    const UnixTime winter = at(day(2024, 10, 27), 1);
    calendar.offsets = {{at(day(2023, 10, 29), 1), 3'600}, {summer, 7'200}, {winter, 3'600}};
    CHECK(calendar.day_of(at(day(2024, 1, 9), 22, 59, 59)) == day(2024, 1, 9));
    CHECK(calendar.day_of(at(day(2024, 1, 9), 23)) == day(2024, 1, 10));
    CHECK(calendar.day_of(at(day(2024, 3, 30), 22, 59, 59)) == day(2024, 3, 30));
    CHECK(calendar.day_of(at(day(2024, 3, 31), 21, 59, 59)) == day(2024, 3, 31));
    CHECK(calendar.day_of(at(day(2024, 3, 31), 22)) == day(2024, 4, 1));
    CHECK(calendar.day_of(at(day(2024, 10, 27), 22)) == day(2024, 10, 27));
    CHECK(calendar.day_of(at(day(2024, 10, 27), 23)) == day(2024, 10, 28));
    // before the first change its offset holds
    CHECK(calendar.day_of(at(day(2020, 6, 1), 22, 59)) == day(2020, 6, 1));
    CHECK(calendar.day_of(at(day(2020, 6, 1), 23)) == day(2020, 6, 2));
}

TEST_CASE("A change counts from its very second") {
    Calendar calendar;
    calendar.offsets = {{0, 0}, {1'000, 86'400}};
    CHECK(calendar.day_of(999) == 0);
    CHECK(calendar.day_of(1'000) == 1);
}

TEST_CASE("Offsets west of UTC go back a day") {
    Calendar calendar;
    calendar.offsets = {{0, -5 * 3'600}};
    CHECK(calendar.day_of(at(day(2024, 1, 1), 4, 59, 59)) == day(2023, 12, 31));
    CHECK(calendar.day_of(at(day(2024, 1, 1), 5)) == day(2024, 1, 1));
}

TEST_CASE("A week begins on the day after its configured end") {
    const Calendar saturday;
    CHECK(saturday.week_start(day(2024, 6, 9)) == day(2024, 6, 9));  // a Sunday
    CHECK(saturday.week_start(day(2024, 6, 12)) == day(2024, 6, 9));
    CHECK(saturday.week_start(day(2024, 6, 15)) == day(2024, 6, 9));  // Saturday, the last
    CHECK(saturday.week_start(day(2024, 6, 16)) == day(2024, 6, 16));
    const Calendar sunday = with_week_end(0);
    CHECK(sunday.week_start(day(2024, 6, 9)) == day(2024, 6, 3));
    CHECK(sunday.week_start(day(2024, 6, 10)) == day(2024, 6, 10));
    CHECK(saturday.week_start(day(1970, 1, 1)) == day(1969, 12, 28));
    CHECK(saturday.week_start(day(1969, 12, 27)) == day(1969, 12, 21));
}

TEST_CASE("Every week has seven days and ends where it should") {
    for (int week_end = 0; week_end < 7; ++week_end) {
        const Calendar calendar = with_week_end(week_end);
        for (DayNumber d = -400; d < 400; ++d) {
            const DayNumber start = calendar.week_start(d);
            CHECK((start <= d && d < start + 7));
            const std::chrono::weekday before{std::chrono::sys_days{std::chrono::days{start - 1}}};
            CHECK(static_cast<int>(before.c_encoding()) == week_end);
        }
        CHECK(with_week_end(week_end + 7).week_start(100) == calendar.week_start(100));
        CHECK(with_week_end(week_end - 7).week_start(100) == calendar.week_start(100));
    }
}

TEST_CASE("A month that ends on the 31st is the calendar's month") {
    const Calendar calendar;
    CHECK(calendar.month_start(day(2024, 2, 29)) == day(2024, 2, 1));
    CHECK(calendar.month_start(day(2024, 3, 1)) == day(2024, 3, 1));
    CHECK(calendar.month_start(day(2024, 12, 31)) == day(2024, 12, 1));
    CHECK(calendar.month_start(day(2025, 1, 1)) == day(2025, 1, 1));
}

TEST_CASE("A month that ends earlier begins in the month before") {
    const Calendar fifteenth = with_month_end(15);
    CHECK(fifteenth.month_start(day(2024, 6, 15)) == day(2024, 5, 16));
    CHECK(fifteenth.month_start(day(2024, 6, 16)) == day(2024, 6, 16));
    CHECK(fifteenth.month_start(day(2024, 1, 3)) == day(2023, 12, 16));
    const Calendar thirtieth = with_month_end(30);
    CHECK(thirtieth.month_start(day(2024, 1, 31)) == day(2024, 1, 31));
    CHECK(thirtieth.month_start(day(2024, 2, 29)) == day(2024, 1, 31));  // February ends on its last day
    CHECK(thirtieth.month_start(day(2024, 3, 1)) == day(2024, 3, 1));
    CHECK(thirtieth.month_start(day(2023, 2, 28)) == day(2023, 1, 31));
    CHECK(thirtieth.month_start(day(2024, 3, 31)) == day(2024, 3, 31));
}

TEST_CASE("Month periods follow each other without gap for every month end") {
    for (int month_end = 1; month_end <= 31; ++month_end) {
        const Calendar calendar = with_month_end(month_end);
        DayNumber expected = calendar.month_start(day(2022, 12, 31));
        for (DayNumber d = day(2023, 1, 1); d < day(2028, 3, 2); ++d) {
            if (ends_month(d - 1, month_end)) expected = d;
            CAPTURE(month_end, d);
            REQUIRE(calendar.month_start(d) == expected);
        }
    }
    CHECK(with_month_end(0).month_start(day(2024, 6, 9)) == with_month_end(1).month_start(day(2024, 6, 9)));
    CHECK(with_month_end(99).month_start(day(2024, 6, 9)) == day(2024, 6, 1));
}

TEST_CASE("Any time, day and setting is safe and order is kept") {
    Calendar calendar;
    calendar.offsets = {{INT64_MIN, INT32_MIN}, {0, INT32_MAX}, {INT64_MAX, INT32_MIN}};
    calendar.week_end = INT32_MIN;
    calendar.month_end = INT32_MAX;
    for (const UnixTime t : {INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX, std::int64_t{-1}, std::int64_t{0}}) {
        const DayNumber d = calendar.day_of(t);
        CHECK((calendar.week_start(d) <= d && calendar.month_start(d) <= d));
    }
    for (const DayNumber d : {INT32_MIN, INT32_MIN + 1, 0, INT32_MAX - 1, INT32_MAX}) {
        CHECK(calendar.week_start(d) > INT32_MIN);
        CHECK(calendar.month_start(d) > INT32_MIN);
    }
    const Calendar utc;
    CHECK(utc.day_of(no_time) == utc.day_of(INT64_MIN + 1));
    CHECK(utc.day_of(no_time) == day(-32'000, 1, 1));
    CHECK(utc.day_of(INT64_MAX) == day(32'000, 12, 31));
    CHECK(utc.month_start(INT32_MAX) == day(32'000, 12, 1));
    CHECK(utc.month_start(INT32_MIN) == day(-32'000, 1, 1));

    std::mt19937_64 random(5);
    for (int i = 0; i < 10'000; ++i) {
        const auto a = static_cast<UnixTime>(random()) >> (i % 40);
        const auto b = static_cast<UnixTime>(random()) >> (i % 40);
        CHECK((utc.day_of(a) <= utc.day_of(b)) == (utc.day_of(std::min(a, b)) == utc.day_of(a)));
        CHECK(utc.month_start(utc.day_of(a)) <= utc.day_of(a));
    }
}
