#include "spchain/growth.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <vector>

namespace spchain {
namespace {

constexpr double day_seconds = 86'400;
constexpr double normal_90 = 1.6448536269514722;  // of a two-sided 90 % range

struct Dot {
    double day = 0;
    double bytes = 0;
};

std::vector<Dot> dots_of(std::span<const Sample> samples) {
    std::vector<Sample> sorted;
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(sorted), [](const Sample& sample) { return sample.at != no_time; });
    std::stable_sort(sorted.begin(), sorted.end(), [](const Sample& a, const Sample& b) { return a.at < b.at; });
    std::vector<Dot> dots;
    const auto count = std::min(sorted.size(), Growth::most_samples);
    for (std::size_t k = 0; k < count; ++k) {
        const auto& sample = sorted[count < 2 ? k : k * (sorted.size() - 1) / (count - 1)];
        dots.push_back({static_cast<double>(sample.at - sorted.front().at) / day_seconds, static_cast<double>(sample.bytes)});
    }
    return dots;
}

double ranked(std::vector<double>& values, std::ptrdiff_t rank) {
    const auto at = std::clamp<std::ptrdiff_t>(rank, 0, static_cast<std::ptrdiff_t>(values.size()) - 1);
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

// The local day on which `bytes_per_day` have used up the room; nothing beyond the horizon.
std::optional<DayNumber> day_when_full(double bytes_per_day, double room, UnixTime now, const Calendar& calendar) {
    const double days = room / bytes_per_day;
    if (!(days <= static_cast<double>(DiskFull::horizon_days))) return std::nullopt;
    return calendar.day_of(now + static_cast<UnixTime>(days * day_seconds));
}

}  // namespace

Growth growth_of(std::span<const Sample> samples) {
    Growth growth;
    const auto dots = dots_of(samples);
    if (dots.size() < Growth::least_samples || dots.back().day * day_seconds < static_cast<double>(Growth::least_seconds)) return growth;
    std::vector<double> slopes;
    slopes.reserve(dots.size() * (dots.size() - 1) / 2);
    for (std::size_t a = 0; a < dots.size(); ++a) {
        for (std::size_t b = a + 1; b < dots.size(); ++b) {
            if (dots[b].day > dots[a].day) slopes.push_back((dots[b].bytes - dots[a].bytes) / (dots[b].day - dots[a].day));
        }
    }
    growth.enough = true;
    const auto all = static_cast<std::ptrdiff_t>(slopes.size());
    growth.bytes_per_day = ranked(slopes, all / 2);
    if (all % 2 == 0) growth.bytes_per_day = (growth.bytes_per_day + ranked(slopes, all / 2 - 1)) / 2;
    const auto n = static_cast<double>(dots.size());
    const double width = normal_90 * std::sqrt(n * (n - 1) * (2 * n + 5) / 18);
    growth.low = ranked(slopes, static_cast<std::ptrdiff_t>(std::floor((static_cast<double>(all) - width) / 2)) - 1);
    growth.high = ranked(slopes, static_cast<std::ptrdiff_t>(std::ceil((static_cast<double>(all) + width) / 2)));
    return growth;
}

DiskFull day_of_full_disk(const Growth& growth, std::uint64_t free_bytes, UnixTime now, const Calendar& calendar) {
    DiskFull result;
    if (free_bytes == 0) {
        result.answer = Filling::full;
        return result;
    }
    if (!growth.enough || now == no_time) return result;
    const auto room = static_cast<double>(free_bytes);
    result.answer = growth.bytes_per_day > 0 ? Filling::by_day : Filling::never;
    if (growth.high > 0) result.earliest = day_when_full(growth.high, room, now, calendar);
    if (growth.bytes_per_day > 0) result.likely = day_when_full(growth.bytes_per_day, room, now, calendar);
    if (growth.low > 0) result.latest = day_when_full(growth.low, room, now, calendar);
    result.beyond_horizon = result.answer == Filling::by_day && !result.likely;
    return result;
}

}  // namespace spchain
