#include "lifetimes.hpp"

#include "graph.hpp"
#include "group.hpp"

#include <algorithm>
#include <chrono>

namespace spchain {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t longest_days = 400'000;  // what a policy may say at most; keeps sums of times within their range
constexpr std::int64_t longest_months = 12'000;

std::int64_t days_kept(Kind kind, const Retention& retention) {
    switch (kind) {
        case Kind::incremental:
            return retention.intra_daily;
        case Kind::daily:
            return retention.daily;
        case Kind::weekly:
            return retention.weekly;
        default:
            return 0;
    }
}

UnixTime add_days(UnixTime t, std::int64_t days) {
    return t + std::clamp<std::int64_t>(days, 0, longest_days) * day_seconds;
}

// The same time of day, so many months later; the last day where the month is shorter.
UnixTime add_months(UnixTime t, std::int64_t months, const Calendar& calendar) {
    using namespace std::chrono;
    const auto day = calendar.day_of(t);
    const year_month_day date{sys_days{days{day}}};
    const auto month =
        date.year() / date.month() + std::chrono::months{static_cast<int>(std::clamp<std::int64_t>(months, 0, longest_months))};
    const auto last = (month / std::chrono::last).day();
    const auto then = sys_days{month / std::min(date.day(), last)};
    return t + (static_cast<std::int64_t>(then.time_since_epoch().count()) - day) * day_seconds;
}

// The first instant of a local day, near enough where the offset changes on that very night.
UnixTime start_of(DayNumber day, const Calendar& calendar) {
    UnixTime t = static_cast<UnixTime>(day) * day_seconds;
    const auto after = std::upper_bound(calendar.offsets.begin(), calendar.offsets.end(), t,
                                        [](UnixTime value, const OffsetChange& change) { return value < change.from; });
    if (!calendar.offsets.empty()) t -= (after == calendar.offsets.begin() ? after : after - 1)->offset_seconds;
    return t;
}

class Foresight {
public:
    Foresight(const Chain& chain, const std::vector<Fate>& fates, const Retention& retention, const Calendar& calendar, UnixTime now)
        : chain_(chain),
          fates_(fates),
          retention_(retention),
          calendar_(calendar),
          now_(held_to_calendars(now)),
          days_(chain.points.size(), no_day) {
        for (const Image& image : chain.images) {
            if (image.head_at < 0 || image.written == no_time) continue;
            auto& day = days_[static_cast<std::size_t>(image.head_at)];
            day = std::min(day, calendar.day_of(image.written) - (is_consolidation(image.kind) ? 1 : 0));
        }
    }

    std::vector<Expiry> run() {
        std::vector<Expiry> result(chain_.points.size());
        next_rolling_ = no_time;
        for (std::size_t k = chain_.images.size(); k-- > 0;) {
            const Image& image = chain_.images[k];
            if (image.head_at < 0 || image.state == State::settling) continue;
            const auto p = static_cast<std::size_t>(image.head_at);
            if (chain_.points[p].verdict == Verdict::broken) continue;
            const Expiry mine = of_file(k, p);
            if (later(mine, result[p])) result[p] = mine;
            if (image.kind == Kind::monthly && image.written != no_time && retention_.monthly > 0) {
                next_rolling_ = add_months(held_to_calendars(image.written), retention_.monthly, calendar_);
            }
        }
        if (!result.empty() && result.back().ending == Ending::at_time) result.back() = {};
        return result;
    }

private:
    static constexpr DayNumber no_day = INT32_MAX;

    // A point lives as long as the longest lived of its files; where one of them cannot be foreseen, neither can the point.
    static bool later(const Expiry& a, const Expiry& b) {
        if (b.certainty == Verdict::broken && b.ending == Ending::not_known && b.at == no_time) return true;
        if (a.ending != b.ending) return a.ending == Ending::never || (a.ending == Ending::not_known && b.ending == Ending::at_time);
        return a.ending == Ending::at_time && a.at > b.at;
    }

    Expiry of_file(std::size_t k, std::size_t p) const {
        const Fate& fate = fates_[k];
        if (fate.foundation || fate.for_ever) return {Ending::never, no_time, Verdict::certain};
        if (fate.due != no_time) {
            // A monthly that a rolling took in is the rolling's own matter.
            return {Ending::at_time, fate.due, fate.certainty};
        }
        return foreseen(chain_.images[k].kind, chain_.images[k].written, p);
    }

    // Nothing covers the file yet. What ends a day, a week or a month becomes a consolidation of that level.
    Expiry foreseen(Kind kind, UnixTime written, std::size_t p) const {
        const auto day = days_[p];
        if (kind == Kind::rolling) {
            if (retention_.monthly == 0) return {Ending::never, no_time, Verdict::certain};
            return next_rolling_ == no_time ? Expiry{} : at(next_rolling_);
        }
        if (day == no_day || written == no_time || p + 1 >= days_.size() || days_[p + 1] == no_day) return {};
        const auto next = std::max(days_[p + 1], day);
        DayNumber closes = day + 1;
        const auto period_over = [&](DayNumber next_start) { return next >= next_start; };
        if (kind == Kind::incremental) {
            if (!period_over(day + 1)) return ends(Kind::incremental, closes);
            kind = Kind::daily;
        }
        const auto month_over = next_month(day);
        if (kind == Kind::daily) {
            closes = std::min(calendar_.week_start(day) + 7, month_over);
            if (!period_over(closes)) return ends(Kind::daily, closes);
            kind = closes == month_over ? Kind::monthly : Kind::weekly;
        }
        if (kind == Kind::weekly && !period_over(month_over)) return ends(Kind::weekly, month_over);
        if (retention_.monthly == 0) return {Ending::never, no_time, Verdict::presumed};
        // Merged into a rolling that ends with it, and with that one into the next, a month later.
        return at(add_months(start_of(month_over, calendar_), static_cast<std::int64_t>(retention_.monthly) + 1, calendar_));
    }

    [[nodiscard]] DayNumber next_month(DayNumber day) const {
        // Days at the end of all calendars have no next month.
        for (int offset = 27; offset < 40; ++offset) {
            const auto start = calendar_.month_start(calendar_.month_start(day) + offset);
            if (start > day) return start;
        }
        return day + 1;
    }

    // The consolidation comes in the night before `closes`, or the next one.
    [[nodiscard]] Expiry ends(Kind kind, DayNumber closes) const {
        const auto days = days_kept(kind, retention_);
        if (days == 0) return {Ending::never, no_time, Verdict::presumed};
        auto comes = start_of(closes, calendar_);
        if (comes < now_) comes = start_of(calendar_.day_of(now_) + 1, calendar_);
        return at(add_days(comes, days));
    }

    static Expiry at(UnixTime t) { return {Ending::at_time, t, Verdict::presumed}; }

    const Chain& chain_;
    const std::vector<Fate>& fates_;
    const Retention& retention_;
    const Calendar& calendar_;
    UnixTime now_;
    std::vector<DayNumber> days_;  // per point the local day that it belongs to
    UnixTime next_rolling_ = no_time;
};

}  // namespace

Fate fate_of(const Chain& chain, std::size_t k, std::int32_t cover, const Retention& retention, const Calendar& calendar) {
    const Image& image = chain.images[k];
    Fate fate;
    fate.settling = image.state == State::settling;
    fate.foundation = image.kind == Kind::full || image.kind == Kind::differential || image.kind == Kind::consolidated;
    if (fate.foundation) return fate;
    fate.cover = cover;
    fate.uncovered = cover < 0;
    const bool own_months = image.kind == Kind::monthly;
    fate.for_ever = own_months ? retention.monthly == 0 : image.kind != Kind::rolling && days_kept(image.kind, retention) == 0;
    if (cover < 0) return fate;
    const Image& covering = chain.images[static_cast<std::size_t>(cover)];
    fate.certainty = strength_of(covering);
    if (fate.for_ever) return fate;
    fate.due = add_days(held_to_calendars(covering.written), days_kept(image.kind, retention));
    if (own_months && image.written != no_time)
        fate.due = std::max(fate.due, add_months(held_to_calendars(image.written), retention.monthly, calendar));
    return fate;
}

std::vector<Expiry> expiries_of(const Chain& chain, const std::vector<Fate>& fates, const Retention& retention, const Calendar& calendar,
                                UnixTime now) {
    return Foresight(chain, fates, retention, calendar, now).run();
}

}  // namespace spchain
