#include "rates.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace spchain {
namespace {

std::optional<Expected> summary(std::vector<double> counts) {
    if (counts.empty()) return std::nullopt;
    const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
    std::nth_element(counts.begin(), middle, counts.end());
    const double median = *middle;
    return Expected{median, *std::max_element(counts.begin(), counts.end())};
}

bool weekend(int day_of_week) {
    return day_of_week == 0 || day_of_week == 6;
}

}  // namespace

int weekday_of(DayNumber day) noexcept {
    const auto shifted = (static_cast<std::int64_t>(day) + 4) % 7;
    return static_cast<int>(shifted < 0 ? shifted + 7 : shifted);
}

void Rates::add_day(DayNumber day, double count) {
    by_weekday_[static_cast<std::size_t>(weekday_of(day))].push_back(count);
    add_activity(day);
}

void Rates::add_activity(DayNumber day) {
    active_[static_cast<std::size_t>(weekday_of(day))] = true;
    first_day_ = std::min(first_day_, day);
    last_day_ = std::max(last_day_, day);
}

void Rates::add_daily(std::uint32_t head, double count) {
    dailies_.push_back({head, count});
}
void Rates::add_week(std::uint32_t head, double count) {
    weeks_.push_back({head, count});
}
void Rates::add_month(std::uint32_t head, double count) {
    months_.push_back({head, count});
}

void Rates::finish() {
    std::vector<double> all;
    for (const auto& counts : by_weekday_) all.insert(all.end(), counts.begin(), counts.end());
    const bool enough = all.size() >= 2;
    overall_ = enough ? summary(all) : std::nullopt;
    for (std::size_t day = 0; day < usual_.size(); ++day) usual_[day] = weekday(static_cast<int>(day));
}

std::optional<Expected> Rates::weekday(int day_of_week) const {
    const auto& own = by_weekday_[static_cast<std::size_t>(day_of_week)];
    // Two weeks were looked at and this day never had any: it is a day off.
    if (!active_[static_cast<std::size_t>(day_of_week)] && first_day_ <= last_day_ && last_day_ - first_day_ >= 13) return Expected{0, 0};
    std::vector<double> alike;
    for (int day = 0; day < 7; ++day) {
        const auto& counts = by_weekday_[static_cast<std::size_t>(day)];
        if (weekend(day) == weekend(day_of_week)) alike.insert(alike.end(), counts.begin(), counts.end());
    }
    if (alike.size() < 2) return overall_;
    auto all = summary(std::move(alike));
    // A few days of one name may all have been cut short; what is the most comes from all days like it.
    if (own.size() >= 3) all->usual = summary(own)->usual;
    return all;
}

std::optional<Expected> Rates::days(DayNumber first, DayNumber last) const {
    if (!overall_) return std::nullopt;
    Expected sum;
    if (last < first) return sum;
    const auto total = static_cast<std::int64_t>(last) - first + 1;
    for (int offset = 0; offset < 7 && offset < total; ++offset) {
        const auto day = static_cast<std::size_t>(weekday_of(static_cast<DayNumber>(first + offset)));
        if (!usual_[day]) return std::nullopt;
        const auto times = static_cast<double>((total - offset + 6) / 7);
        sum.usual += usual_[day]->usual * times;
        sum.most += usual_[day]->most * times;
    }
    return sum;
}

std::optional<Expected> Rates::nearest(const std::vector<Period>& periods, std::uint32_t head) {
    constexpr std::ptrdiff_t each_side = 3;
    const auto at = std::lower_bound(periods.begin(), periods.end(), head, [](const Period& p, std::uint32_t h) { return p.head < h; });
    const auto from = at - std::min(each_side, at - periods.begin());
    const auto to = at + std::min(each_side, periods.end() - at);
    std::vector<double> counts;
    for (auto p = from; p != to; ++p) {
        if (p->head != head) counts.push_back(p->count);
    }
    if (counts.size() < 2) return std::nullopt;
    return summary(std::move(counts));
}

std::optional<Expected> Rates::daily(std::uint32_t head) const {
    return nearest(dailies_, head);
}
std::optional<Expected> Rates::week(std::uint32_t head) const {
    return nearest(weeks_, head);
}
std::optional<Expected> Rates::month(std::uint32_t head) const {
    return nearest(months_, head);
}

}  // namespace spchain
