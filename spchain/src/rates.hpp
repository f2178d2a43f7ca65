// How many increments a server usually makes in a day, a week and a month, learned from one chain itself: what a
// consolidation's numbers are held against when the calendar leaves a gap before it. Internal. What it is not: a forecast.
#pragma once

#include "spchain/calendar.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace spchain {

// How many numbers to expect over some days: usually, and at the very most.
struct Expected {
    double usual = 0;
    double most = 0;
};

class Rates {
public:
    // Evidence: `count` increments were made on this one day.
    void add_day(DayNumber day, double count);
    // Evidence: something was made on this day, however much.
    void add_activity(DayNumber day);
    // Evidence without dates, in ascending order: a daily that ends with number `head`.
    void add_daily(std::uint32_t head, double count);
    // Evidence, in ascending order: a week or month whose file begins where the calendar says, ending with number `head`.
    void add_week(std::uint32_t head, double count);
    void add_month(std::uint32_t head, double count);
    void finish();

    // For the days first ... last, by day of the week; nothing when too little is known.
    [[nodiscard]] std::optional<Expected> days(DayNumber first, DayNumber last) const;
    // For one day, week or month that ends near number `head`, from its nearest neighbours, itself apart; nothing below two of them.
    [[nodiscard]] std::optional<Expected> daily(std::uint32_t head) const;
    [[nodiscard]] std::optional<Expected> week(std::uint32_t head) const;
    [[nodiscard]] std::optional<Expected> month(std::uint32_t head) const;

private:
    struct Period {
        std::uint32_t head;
        double count;
    };
    [[nodiscard]] static std::optional<Expected> nearest(const std::vector<Period>& periods, std::uint32_t head);
    [[nodiscard]] std::optional<Expected> weekday(int day_of_week) const;

    std::array<std::vector<double>, 7> by_weekday_;
    std::array<std::optional<Expected>, 7> usual_{};
    std::array<bool, 7> active_{};
    std::optional<Expected> overall_;
    DayNumber first_day_ = INT32_MAX;
    DayNumber last_day_ = INT32_MIN;
    std::vector<Period> dailies_;
    std::vector<Period> weeks_;
    std::vector<Period> months_;
};

[[nodiscard]] int weekday_of(DayNumber day) noexcept;  // 0 Sunday ... 6 Saturday

}  // namespace spchain
