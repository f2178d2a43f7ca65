// The files of one base and one differential, and the inference of where its consolidations begin. Internal.
// dating.cpp gives every file its day and learns the server's habits; tails.cpp decides.
#pragma once

#include "group.hpp"
#include "rates.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace spchain {

inline constexpr DayNumber no_day = INT32_MAX;
inline constexpr std::int64_t day_seconds = 86'400;

enum class Source : std::uint8_t {
    start,       // the base or the differential
    same_level,  // the head of a consolidation of this level or a higher one
    calendar,    // the last point known before the file's own period
};

struct Guess {
    std::uint32_t tail = 0;  // increment number; the differential is the run's
    Source source = Source::start;
    DayNumber period = no_day;    // first day of the file's own period
    DayNumber tail_day = no_day;  // day that the tail closes
    std::size_t after = 0;        // index of the first item beyond the tail
    std::uint32_t recorded = 0;   // greatest head before the file's of a lost one, of its level or a higher, that only records know
};

// All files of one base and one differential, ascending by number.
class Run {
public:
    Run(std::span<Known> items, Point start, UnixTime start_written, const Rules& rules, UnixTime now, bool timed, bool looked_before)
        : items_(items), start_(start), rules_(rules), timed_(timed), looked_before_(looked_before) {
        if (timed_ && start_written != no_time) start_day_ = rules_.calendar.day_of(start_written);
        date_items(start_written, now);
        months_cut_weeks_ = find_month_style();
    }

    void infer() {
        std::vector<Guess> guesses(items_.size());
        learn(guesses);
        for (std::size_t k = 0; k < items_.size(); ++k) {
            Known& item = items_[k];
            if (!is_consolidation(item.kind)) {
                name_tail(item);
                continue;
            }
            decide(k, guesses[k]);
            note_start(item);
        }
    }

private:
    static bool remembered(const Known& item) {
        return item.memory != nullptr && item.memory->has_tail && item.memory->tail.differential == item.head.differential &&
               item.memory->tail.incremental < item.head.incremental;
    }

    static void name_tail(Known& item) {
        item.tail = {item.head.differential, item.head.incremental - 1};
        item.basis = Basis::named;
    }

    void date_items(UnixTime start_written, UnixTime now);
    [[nodiscard]] bool find_month_style() const;
    void learn(std::vector<Guess>& guesses);
    void learn_raw_days();
    void learn_numbers(const Known& item, std::uint32_t count);
    [[nodiscard]] Guess guess(std::size_t k, const std::array<std::int64_t, 5>& last) const;
    void decide(std::size_t k, const Guess& guess);
    [[nodiscard]] bool contradicted(std::size_t k, const Guess& guess);
    [[nodiscard]] bool numbers_fit_more(std::size_t k, const Guess& guess) const;
    [[nodiscard]] std::optional<Expected> expected(std::size_t k, DayNumber period) const;
    [[nodiscard]] double expected_gap(const Guess& guess, const Expected& own, DayNumber own_days) const;
    [[nodiscard]] bool begins_next(const Guess& guess) const;
    [[nodiscard]] bool witnessed(std::size_t k, const Guess& guess);
    // Searches between a tail and its head are bounded in all, so that a hostile folder cannot make them quadratic.
    [[nodiscard]] bool spend() { return budget_ > 0 && --budget_ > 0; }
    void note_start(const Known& item);
    [[nodiscard]] DayNumber period_start(Level level, DayNumber day) const {
        if (day == no_day) return no_day;
        if (level == Level::weekly) {
            const auto week = rules_.calendar.week_start(day);
            return months_cut_weeks_ ? std::max(week, rules_.calendar.month_start(day)) : week;
        }
        if (level == Level::monthly) return rules_.calendar.month_start(day);
        return day;
    }

    std::span<Known> items_;
    Point start_;
    const Rules& rules_;
    bool timed_;
    bool looked_before_;
    bool months_cut_weeks_ = false;
    DayNumber start_day_ = no_day;
    std::vector<DayNumber> own_;   // the day an item closes by its own time; no_day: not known
    std::vector<DayNumber> ends_;  // the same, at most that of any later item: never decreasing
    Rates rates_;
    std::int64_t budget_ = 8'000'000;
    struct Starts {
        bool sound = false;
        bool suspicious = false;
    };
    std::unordered_map<std::uint32_t, Starts> starts_;  // consolidations by where they begin
};

}  // namespace spchain
