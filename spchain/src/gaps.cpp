#include "spchain/gaps.hpp"

#include "group.hpp"

#include <algorithm>
#include <tuple>

namespace spchain {
namespace {

// The time of the point itself is that of a file that was made with it; a consolidation is made later.
void add_points(const Chain& chain, std::uint32_t index, Verdict least, std::vector<PointInTime>& all) {
    const auto first = all.size();
    std::vector<std::int64_t> place(chain.points.size(), -1);
    for (std::uint32_t p = 0; p < chain.points.size(); ++p) {
        if (chain.points[p].verdict < least) continue;
        place[p] = static_cast<std::int64_t>(all.size() - first);
        all.push_back({index, p, chain.points[p].written, false, chain.points[p].verdict});
    }
    for (const Image& image : chain.images) {
        if (image.head_at < 0 || is_consolidation(image.kind) || image.state == State::settling || image.written == no_time) continue;
        const auto at = place[static_cast<std::size_t>(image.head_at)];
        if (at < 0) continue;
        PointInTime& point = all[first + static_cast<std::size_t>(at)];
        if (!point.exact || image.written < point.at) point.at = image.written;
        point.exact = true;
    }
}

// Times of listings are anything; a difference must not overflow.
std::int64_t seconds_between(UnixTime from, UnixTime to) {
    return from < 0 && to > INT64_MAX + from ? INT64_MAX : to - from;
}

}  // namespace

std::vector<PointInTime> points_in_time(const Volume& volume, Verdict least) {
    std::vector<PointInTime> all;
    least = std::max(least, Verdict::doubtful);
    for (std::uint32_t c = 0; c < volume.chains.size(); ++c) add_points(volume.chains[c], c, least, all);
    const auto by_time = [](const PointInTime& a, const PointInTime& b) {
        return std::tuple(a.at, a.chain, a.point) < std::tuple(b.at, b.chain, b.point);
    };
    if (!std::is_sorted(all.begin(), all.end(), by_time)) std::sort(all.begin(), all.end(), by_time);
    return all;
}

Gaps recovery_gaps(const Volume& volume, std::int64_t threshold_seconds, UnixTime since, UnixTime now, Verdict least) {
    Gaps gaps;
    const PointInTime* before = nullptr;
    const auto points = points_in_time(volume, least);
    for (const PointInTime& point : points) {
        if (point.at == no_time) {
            ++gaps.undated;
            continue;
        }
        if ((since != no_time && point.at < since) || (now != no_time && point.at > now)) continue;
        ++gaps.points;
        gaps.certainty = std::min({gaps.certainty, point.verdict, point.exact ? Verdict::certain : Verdict::presumed});
        if (before != nullptr) {
            const Gap gap{*before, point, seconds_between(before->at, point.at)};
            if (!gaps.longest || gap.seconds > gaps.longest->seconds) gaps.longest = gap;
            if (gap.seconds > threshold_seconds) gaps.over.push_back(gap);
        }
        before = &point;
    }
    if (before != nullptr) {
        gaps.last = *before;
        if (now != no_time) gaps.silence = seconds_between(before->at, now);
    }
    return gaps;
}

}  // namespace spchain
