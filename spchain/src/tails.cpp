// Where consolidations begin. The name gives only the head, and a tail guessed too far back makes a broken chain
// look whole, so two sources are asked: the present (or remembered) files, and the calendar. Where the days between
// the presumed tail and the file's own period are more than none, the numbers decide: few numbers over many days is
// a server that was off; several periods' worth of numbers is a consolidation that is missing, and then the tail is
// suspicious. Nothing inferred is ever certain.
#include "run.hpp"

namespace spchain {

// `last[level]`: index of the last item of that level with a smaller head; -1: none.
Guess Run::guess(std::size_t k, const std::array<std::int64_t, 5>& last) const {
    const Known& item = items_[k];
    const Level level = level_of(item.kind);
    Guess result;
    result.period = level == Level::rolling ? no_day : period_start(level, ends_[k]);
    result.tail = start_.incremental;
    result.tail_day = start_day_;
    std::int64_t at = -1;
    for (auto l = static_cast<std::size_t>(level); l < last.size(); ++l) {
        if (l == static_cast<std::size_t>(Level::unknown) && level != Level::unknown) continue;
        at = std::max(at, last[l]);
    }
    if (at >= 0) {
        const Known& before = items_[static_cast<std::size_t>(at)];
        result.source = Source::same_level;
        result.tail = before.head.incremental;
        result.tail_day = level_of(before.kind) == Level::rolling ? no_day : own_[static_cast<std::size_t>(at)];
    }
    // A file of the level that closes right before this period settles it, whatever else was made on those days.
    const bool adjacent = at >= 0 && result.tail_day != no_day && result.period != no_day && result.tail_day >= result.period - 1;
    if (result.period != no_day && !adjacent) {
        const auto end = std::partition_point(ends_.begin(), ends_.begin() + static_cast<std::ptrdiff_t>(k),
                                              [&](DayNumber day) { return day < result.period; });
        if (end != ends_.begin()) {
            const auto index = static_cast<std::size_t>(end - ends_.begin()) - 1;
            const auto number = items_[index].head.incremental;
            if (number > result.tail && number < item.head.incremental) {
                result.source = Source::calendar;
                result.tail = number;
                result.tail_day = ends_[index];
            }
        }
    }
    const auto beyond = std::partition_point(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(k),
                                             [&](const Known& other) { return other.head.incremental <= result.tail; });
    result.after = static_cast<std::size_t>(beyond - items_.begin());
    return result;
}

void Run::decide(std::size_t k, const Guess& guess) {
    Known& item = items_[k];
    // A guess that was made before records told of a consolidation that is lost between both ends is no use any more.
    const bool overtaken = remembered(item) && item.memory->basis == Basis::inferred && item.memory->tail.incremental < guess.recorded;
    if (remembered(item) && !overtaken && (item.memory->basis > Basis::inferred || !item.memory->suspicious)) {
        item.tail = item.memory->tail;
        item.basis = item.memory->basis;
        item.strong = true;
        return;
    }
    item.tail = {start_.differential, guess.tail};
    item.basis = Basis::inferred;
    item.suspicious = contradicted(k, guess);
    item.strong = !item.suspicious && guess.source != Source::calendar && item.kind != Kind::rolling;
    if (!item.suspicious && looked_before_ && item.memory == nullptr && witnessed(k, guess)) {
        item.basis = Basis::observed;
        item.strong = true;
    }
}

// The first raw increment of the file's own period follows the tail: nothing can lie between.
bool Run::begins_next(const Guess& guess) const {
    if (guess.after >= items_.size()) return false;
    for (std::size_t j = guess.after; j < items_.size() && items_[j].head.incremental == guess.tail + 1; ++j) {
        if (items_[j].kind == Kind::incremental && own_[j] != no_day && own_[j] >= guess.period) return true;
    }
    return false;
}

bool Run::contradicted(std::size_t k, const Guess& guess) {
    const Level level = level_of(items_[k].kind);
    if (level == Level::unknown) return true;  // what it covers is unknown
    if (level == Level::rolling) return false;
    if (guess.period != no_day && begins_next(guess)) return false;
    if (guess.period != no_day && guess.tail_day != no_day && guess.tail_day >= guess.period - 1 && guess.source != Source::calendar) {
        return false;
    }
    if (const auto found = starts_.find(guess.tail); found != starts_.end()) {
        if (found->second.sound) return false;
        if (guess.period != no_day && guess.tail_day != no_day && guess.tail_day < guess.period - 1) return true;
    }
    if (guess.source == Source::calendar && guess.period != no_day) {
        // The numbers of the period's own raw increments begin later than the tail's successor: one at least is missing.
        for (std::size_t j = guess.after; j < k && spend(); ++j) {
            if (items_[j].kind == Kind::incremental && own_[j] != no_day && own_[j] >= guess.period) return true;
        }
    }
    return numbers_fit_more(k, guess);
}

std::optional<Expected> Run::expected(std::size_t k, DayNumber period) const {
    const auto number = items_[k].head.incremental;
    const bool dated = period != no_day && ends_[k] != no_day;
    const auto by_days = dated ? rates_.days(period, ends_[k]) : std::nullopt;
    const double length = dated ? static_cast<double>(ends_[k] - period + 1) : 0;
    switch (level_of(items_[k].kind)) {
        case Level::weekly: {
            const auto week = rates_.week(number);
            if (week && dated && length < 7) return by_days ? *by_days : Expected{week->usual * length / 7, week->most * length / 7};
            return week ? week : by_days;
        }
        case Level::monthly: {
            if (const auto month = rates_.month(number)) return month;
            const auto week = rates_.week(number);
            if (week && dated) return Expected{week->usual * length / 7, week->most * length / 7};
            return by_days;
        }
        default:
            return timed_ ? by_days : rates_.daily(number);
    }
}

double Run::expected_gap(const Guess& guess, const Expected& own, DayNumber own_days) const {
    const auto first = guess.tail_day + 1;
    const auto last = guess.period - 1;
    const double by_period = own.usual / std::max(1, own_days) * (last - first + 1);
    const auto by_days = rates_.days(first, last);
    return by_days && by_days->usual < by_period ? by_days->usual : by_period;
}

bool Run::numbers_fit_more(std::size_t k, const Guess& guess) const {
    const double count = items_[k].head.incremental - guess.tail;
    const bool gap_known = guess.period != no_day && guess.tail_day != no_day;
    const auto own = expected(k, guess.period);
    if (!gap_known) return own && count > 1.45 * own->usual && count > 1.05 * own->most;
    if (guess.period - 1 <= guess.tail_day) return false;
    if (!own) return true;  // days are missing and nothing says that the server was off
    const double gap = expected_gap(guess, *own, ends_[k] - guess.period + 1);
    if (gap < 0.5) return false;  // only days on which this server never makes any
    // Months have four weeks or five, and the first may be longer by what was too short for one of its own.
    const double most = level_of(items_[k].kind) == Level::monthly ? 1.30 : 1.10;
    const bool more_than_ever = count > most * own->most + 1;
    const bool several_periods = count > 1.25 * own->usual && count >= own->usual + 0.5 * gap;
    return more_than_ever || several_periods;
}

void Run::note_start(const Known& item) {
    Starts& starts = starts_[item.tail.incremental];
    (item.suspicious ? starts.suspicious : starts.sound) = true;
}

// All that the file was made of was seen, day by day and number by number, and the previous period's end with it.
bool Run::witnessed(std::size_t k, const Guess& guess) {
    const Known& item = items_[k];
    const Level level = level_of(item.kind);
    if (!timed_ || level == Level::unknown || level == Level::rolling || guess.period == no_day) return false;
    // A month may end with its last week or with its last day; only another month's end, or the start, settles that.
    if (guess.source == Source::calendar && (level == Level::monthly || !begins_next(guess))) return false;
    std::vector<std::uint32_t> reached{guess.tail};
    for (std::size_t j = guess.after; j < k; ++j) {
        if (!spend()) return false;
        const Known& part = items_[j];
        if (part.basis == Basis::inferred) continue;
        if (part.head.incremental > item.head.incremental) break;
        if (reached.back() == part.head.incremental) continue;
        if (std::binary_search(reached.begin(), reached.end(), part.tail.incremental)) reached.push_back(part.head.incremental);
    }
    return reached.back() == item.head.incremental;
}

namespace {

struct Pairs {
    std::size_t all = 0;
    std::size_t bad = 0;
};

// A copied folder may have lost its times: consolidations of one level that claim the same day, over and over,
// while the raw increments (if any) do not show that days went by.
bool lost_times(std::span<const Known> items, const Calendar& calendar) {
    Pairs pairs;
    std::array<DayNumber, 8> last;
    last.fill(no_day);
    UnixTime first_raw = INT64_MAX;
    UnixTime last_raw = INT64_MIN;
    for (const Known& item : items) {
        if (item.written == no_time || item.image < 0) continue;
        if (item.kind == Kind::incremental) {
            first_raw = std::min(first_raw, item.written);
            last_raw = std::max(last_raw, item.written);
        }
        if (!is_consolidation(item.kind)) continue;
        auto& before = last[static_cast<std::size_t>(item.kind)];
        const auto day = calendar.day_of(item.written);
        if (before != no_day) {
            ++pairs.all;
            if (day <= before) ++pairs.bad;
        }
        before = day;
    }
    if (pairs.all < 2 || 2 * pairs.bad <= pairs.all) return false;
    return first_raw == INT64_MAX || last_raw - first_raw < day_seconds;
}

}  // namespace

void infer_tails(Group& group, const Rules& rules, UnixTime now, bool looked_before) {
    group.times_lost = lost_times(group.known, rules.calendar);
    const bool timed = !group.times_lost;
    std::span<Known> all(group.known);
    UnixTime base_written = no_time;
    std::size_t k = 0;
    while (k < all.size()) {
        const auto differential = all[k].head.differential;
        UnixTime start_written = base_written;
        // The base, and each differential, begins its run and has no tail to infer.
        for (; k < all.size() && all[k].head == Point{differential, 0}; ++k) {
            all[k].tail = all[k].kind == Kind::full ? all[k].head : Point{};
            all[k].basis = Basis::named;
            start_written = all[k].written;
            if (all[k].kind == Kind::full) base_written = all[k].written;
        }
        std::size_t end = k;
        while (end < all.size() && all[end].head.differential == differential) ++end;
        if (end > k) Run(all.subspan(k, end - k), {differential, 0}, start_written, rules, now, timed, looked_before).infer();
        k = end;
    }
}

}  // namespace spchain
