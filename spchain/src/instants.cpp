#include "spchain/instants.hpp"

#include <algorithm>
#include <tuple>

namespace spchain {
namespace {

struct Mark {
    PointInTime point;
    std::uint32_t volume = 0;
};

std::vector<Mark> marks_of(std::span<const Volume* const> volumes, Verdict least) {
    std::vector<Mark> marks;
    for (std::uint32_t v = 0; v < volumes.size(); ++v) {
        for (const PointInTime& point : points_in_time(*volumes[v], least)) {
            if (point.at != no_time) marks.push_back({point, v});
        }
    }
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark& a, const Mark& b) { return std::tuple(a.point.at, a.volume) < std::tuple(b.point.at, b.volume); });
    return marks;
}

bool no_wider(UnixTime from, UnixTime to, std::int64_t tolerance) {
    return from >= 0 || to <= INT64_MAX + from ? to - from <= tolerance : tolerance == INT64_MAX;
}

Instant instant_of(std::span<const Mark> stretch, std::size_t volumes) {
    Instant instant;
    instant.points.resize(volumes);
    for (const Mark& mark : stretch) instant.points[mark.volume] = mark.point;
    instant.at = stretch.back().point.at;
    instant.spread = instant.at - stretch.front().point.at;
    for (const PointInTime& point : instant.points) {
        instant.certainty = std::min({instant.certainty, point.verdict, point.exact ? Verdict::certain : Verdict::presumed});
    }
    return instant;
}

}  // namespace

// Two ends move along all points in order of time. The stretch is as short as it gets when its first point is the only one
// of its volume.
std::vector<Instant> instants_of(std::span<const Volume* const> volumes, std::int64_t tolerance_seconds, Verdict least) {
    std::vector<Instant> instants;
    if (volumes.empty()) return instants;
    const auto marks = marks_of(volumes, least);
    std::vector<std::uint32_t> inside(volumes.size(), 0);
    std::size_t held = 0;  // volumes with a point inside
    std::size_t first = 0;
    UnixTime before = no_time;  // where the last stretch began; a later end with the same beginning is no shorter
    for (std::size_t last = 0; last < marks.size(); ++last) {
        if (inside[marks[last].volume]++ == 0) ++held;
        if (last + 1 < marks.size() && marks[last + 1].point.at == marks[last].point.at) continue;
        if (held < volumes.size()) continue;
        while (inside[marks[first].volume] > 1) --inside[marks[first++].volume];
        const UnixTime from = marks[first].point.at;
        if (from == before) continue;
        before = from;
        if (!no_wider(from, marks[last].point.at, tolerance_seconds)) continue;
        instants.push_back(instant_of(std::span(marks).subspan(first, last - first + 1), volumes.size()));
    }
    return instants;
}

}  // namespace spchain
