#include "run.hpp"

namespace spchain {

// A consolidation is written after the period that it closes, so its time is only an upper bound: the day before it
// was written, and before the period of the next file of its level. Numbers and days never run against each other.
void Run::date_items(UnixTime start_written, UnixTime now) {
    own_.assign(items_.size(), no_day);
    ends_.assign(items_.size(), no_day);
    if (!timed_) return;
    const UnixTime earliest = start_written == no_time ? no_time : start_written - day_seconds;
    const UnixTime latest = now == no_time ? INT64_MAX : now + day_seconds;
    std::array<DayNumber, 5> next_period;
    next_period.fill(no_day);
    DayNumber bound = no_day;
    std::size_t k = items_.size();
    while (k > 0) {
        std::size_t first = k;
        while (first > 0 && items_[first - 1].head == items_[k - 1].head) --first;
        std::array<DayNumber, 5> period_here = next_period;
        for (std::size_t j = first; j < k; ++j) {
            const Known& item = items_[j];
            if (item.written == no_time || item.written < earliest || item.written > latest) continue;
            const bool closes = is_consolidation(item.kind);
            own_[j] = rules_.calendar.day_of(item.written) - (closes ? 1 : 0);
            if (!closes) {
                bound = std::min(bound, own_[j]);
                continue;
            }
            const Level level = level_of(item.kind);
            const auto slot = static_cast<std::size_t>(level);
            if (next_period[slot] != no_day) own_[j] = std::min(own_[j], next_period[slot] - 1);
            bound = std::min(bound, own_[j]);
            if (level != Level::rolling && level != Level::unknown) period_here[slot] = period_start(level, own_[j]);
        }
        next_period = period_here;
        for (std::size_t j = first; j < k; ++j) ends_[j] = bound;
        k = first;
    }
}

// Whether months end on their last day, in the middle of a week (and the next week then begins there), or with their
// last week, is published nowhere. The folder shows it where weeklies lie beside the end of a month.
bool Run::find_month_style() const {
    std::size_t cut = 0;
    std::size_t whole = 0;
    DayNumber last_weekly = no_day;
    for (std::size_t k = 0; k < items_.size(); ++k) {
        if (own_[k] == no_day) continue;
        if (items_[k].kind == Kind::weekly) last_weekly = own_[k];
        if (items_[k].kind != Kind::monthly || last_weekly == no_day) continue;
        const bool same_head = k > 0 && items_[k - 1].head == items_[k].head && items_[k - 1].kind == Kind::weekly;
        if (same_head) {
            if (own_[k - 1] < own_[k]) ++whole;
        } else if (last_weekly >= rules_.calendar.month_start(own_[k])) {
            ++cut;
        }
    }
    return cut > 0 && whole == 0;
}

void Run::learn(std::vector<Guess>& guesses) {
    std::array<std::int64_t, 5> last;
    last.fill(-1);
    std::array<std::uint32_t, 5> recorded{};
    std::size_t k = 0;
    while (k < items_.size()) {
        std::size_t end = k;
        while (end < items_.size() && items_[end].head == items_[k].head) ++end;
        for (std::size_t j = k; j < end; ++j) {
            const Known& item = items_[j];
            if (!is_consolidation(item.kind)) continue;
            guesses[j] = guess(j, last);
            const auto level = static_cast<std::size_t>(level_of(item.kind));
            guesses[j].recorded = *std::max_element(recorded.begin() + static_cast<std::ptrdiff_t>(level), recorded.end());
            const Guess& g = guesses[j];
            if (item.kind == Kind::daily && g.period != no_day) rates_.add_activity(g.period);
            if (!timed_) learn_numbers(item, item.head.incremental - g.tail);
            if (g.period == no_day || g.tail_day == no_day || g.source == Source::start || g.period - 1 > g.tail_day) continue;
            const auto count = static_cast<double>(item.head.incremental - g.tail);
            if (item.kind == Kind::daily) rates_.add_day(g.period, count);
            if (item.kind == Kind::weekly && g.period == rules_.calendar.week_start(ends_[j]))
                rates_.add_week(item.head.incremental, count);
            if (item.kind == Kind::monthly) rates_.add_month(item.head.incremental, count);
        }
        for (std::size_t j = k; j < end; ++j) {
            // A rolling that is gone has been merged into the next, which then begins where it began.
            if (items_[j].kind == Kind::rolling && items_[j].image < 0) continue;
            if (!is_consolidation(items_[j].kind)) continue;
            const auto level = static_cast<std::size_t>(level_of(items_[j].kind));
            last[level] = static_cast<std::int64_t>(j);
            if (items_[j].image < 0 && items_[j].memory->recorded) recorded[level] = items_[j].head.incremental;
        }
        k = end;
    }
    learn_raw_days();
    rates_.finish();
}

// Without times, the files of one level can only be held against each other.
void Run::learn_numbers(const Known& item, std::uint32_t count) {
    const auto head = item.head.incremental;
    if (item.kind == Kind::daily) rates_.add_daily(head, count);
    if (item.kind == Kind::weekly) rates_.add_week(head, count);
    if (item.kind == Kind::monthly) rates_.add_month(head, count);
}

// Days whose raw increments are still there; the first and the last of them may be cut and do not count.
void Run::learn_raw_days() {
    if (!timed_) return;
    struct Day {
        DayNumber day;
        std::uint32_t first, last;
    };
    std::vector<Day> days;
    for (std::size_t k = 0; k < items_.size(); ++k) {
        if (items_[k].kind != Kind::incremental || own_[k] == no_day) continue;
        const auto number = items_[k].head.incremental;
        if (!days.empty() && days.back().day == own_[k]) {
            days.back().last = number;
        } else if (days.empty() || days.back().day < own_[k]) {
            days.push_back({own_[k], number, number});
        }
    }
    for (const Day& day : days) rates_.add_activity(day.day);
    for (std::size_t k = 1; k + 1 < days.size(); ++k) {
        rates_.add_day(days[k].day, static_cast<double>(days[k].last - days[k].first + 1));
    }
}

}  // namespace spchain
