#include "group.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace spchain {
namespace {

constexpr std::uint64_t unreachable = std::numeric_limits<std::uint64_t>::max();
// Chain::arrivals[0] is for doubtful, [1] for presumed, [2] for certain.
constexpr std::size_t classes = 3;

struct Cost {
    std::uint64_t bytes = unreachable;
    std::uint32_t files = 0;
};

bool better(std::uint64_t bytes, std::uint32_t files, const Cost& than) {
    return bytes != than.bytes ? bytes < than.bytes : files < than.files;
}

std::size_t strength(const Image& image) {
    if (image.suspicious || image.state == State::settling || image.standing != Standing::good) return 0;
    return image.basis == Basis::inferred ? 1 : 2;
}

std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) {
    return a > unreachable - 1 - b ? unreachable - 1 : a + b;
}

// One pass in ascending order of heads: tails always lie before heads, so this is a topological order.
void relax(const Chain& chain, std::size_t least, std::vector<std::int32_t>& arrival, std::vector<Cost>& cost) {
    arrival.assign(chain.points.size(), -1);
    cost.assign(chain.points.size(), Cost{});
    for (std::size_t k = 0; k < chain.images.size(); ++k) {
        const Image& image = chain.images[k];
        if (image.standing == Standing::refused || strength(image) < least) continue;
        const auto head = static_cast<std::size_t>(image.head_at);
        Cost from{0, 0};
        if (image.kind != Kind::full) {
            if (image.tail_at < 0 || image.tail_at >= image.head_at) continue;
            from = cost[static_cast<std::size_t>(image.tail_at)];
            if (from.bytes == unreachable) continue;
        }
        const auto bytes = saturating_add(from.bytes, image.bytes);
        if (better(bytes, from.files + 1, cost[head])) {
            cost[head] = {bytes, from.files + 1};
            arrival[head] = static_cast<std::int32_t>(k);
        }
    }
}

// Most images begin at the point before their own, which is looked at first.
void place_images(Chain& chain) {
    std::int32_t at = -1;
    for (Image& image : chain.images) {
        while (at + 1 < static_cast<std::int32_t>(chain.points.size()) &&
               chain.points[static_cast<std::size_t>(at + 1)].point <= image.head)
            ++at;
        const bool there = at >= 0 && chain.points[static_cast<std::size_t>(at)].point == image.head;
        image.head_at = there ? at : -1;
        image.tail_at = -1;
        if (image.kind == Kind::full) continue;
        const bool previous = there && at > 0 && chain.points[static_cast<std::size_t>(at - 1)].point == image.tail;
        image.tail_at = previous ? at - 1 : index_of(chain.points, image.tail);
    }
}

void list_points(Chain& chain) {
    chain.points.clear();
    for (const Image& image : chain.images) {
        if (!chain.points.empty() && chain.points.back().point == image.head) {
            auto& written = chain.points.back().written;
            if (written == no_time || (image.written != no_time && image.written < written)) written = image.written;
            continue;
        }
        PointState state;
        state.point = image.head;
        state.written = image.written;
        chain.points.push_back(state);
    }
}

void mark_orphans(Chain& chain) {
    for (Image& image : chain.images) {
        if (image.state == State::settling || image.kind == Kind::full) continue;
        const bool known = image.tail_at >= 0 && image.tail_at < image.head_at;
        const bool reached = known && chain.points[static_cast<std::size_t>(image.tail_at)].verdict != Verdict::broken;
        image.state = reached ? State::present : State::orphan;
    }
}

// A head that only settling files have is no point yet; it goes after the paths are known, because later
// images may begin there.
void drop_settling_points(Chain& chain) {
    std::vector<bool> settled(chain.points.size(), false);
    for (const Image& image : chain.images) {
        if (image.state != State::settling) settled[static_cast<std::size_t>(image.head_at)] = true;
    }
    if (std::find(settled.begin(), settled.end(), false) == settled.end()) return;
    std::size_t to = 0;
    for (std::size_t k = 0; k < chain.points.size(); ++k) {
        if (!settled[k]) continue;
        chain.points[to] = chain.points[k];
        ++to;
    }
    chain.points.resize(to);
    place_images(chain);
}

void sum_up(Chain& chain) {
    chain.newest = chain.points.empty() ? -1 : static_cast<std::int32_t>(chain.points.size()) - 1;
    std::uint64_t total = 0;
    for (const Image& image : chain.images) {
        total = saturating_add(total, image.bytes);
        if (image.written != no_time) chain.newest_written = std::max(chain.newest_written, image.written);
    }
    chain.usage_bytes = 0;
    for (auto point = chain.points.rbegin(); point != chain.points.rend(); ++point) {
        if (point->verdict == Verdict::broken) continue;
        chain.usage_bytes = point->restore_bytes;
        break;
    }
    chain.retention_bytes = total - std::min(total, chain.usage_bytes);
}

}  // namespace

std::int32_t index_of(std::span<const PointState> points, Point point) noexcept {
    const auto at = std::lower_bound(points.begin(), points.end(), point, [](const PointState& a, Point b) { return a.point < b; });
    if (at == points.end() || at->point != point) return -1;
    return static_cast<std::int32_t>(at - points.begin());
}

void find_paths(Chain& chain) {
    list_points(chain);
    place_images(chain);
    std::vector<std::vector<std::int32_t>> arrivals(classes);
    std::array<std::vector<Cost>, classes> cost;
    for (std::size_t c = 0; c < classes; ++c) relax(chain, c, arrivals[c], cost[c]);
    for (std::size_t p = 0; p < chain.points.size(); ++p) {
        PointState& state = chain.points[p];
        for (std::size_t c = classes; c-- > 0;) {
            if (arrivals[c][p] < 0) continue;
            state.verdict = static_cast<Verdict>(c + 1);
            state.via = arrivals[c][p];
            state.restore_bytes = cost[c][p].bytes;
            state.restore_files = cost[c][p].files;
            break;
        }
    }
    mark_orphans(chain);
    // Restore sets are walked by image from here on, so they survive the removal of points below.
    chain.arrivals.assign(classes, std::vector<std::int32_t>(chain.images.size(), -1));
    for (std::size_t c = 0; c < classes; ++c) {
        for (std::size_t k = 0; k < chain.images.size(); ++k) {
            const auto tail = chain.images[k].tail_at;
            if (tail >= 0) chain.arrivals[c][k] = arrivals[c][static_cast<std::size_t>(tail)];
        }
    }
    drop_settling_points(chain);
    sum_up(chain);
}

std::vector<std::uint32_t> Chain::restore_set(Point point) const {
    std::vector<std::uint32_t> set;
    const PointState* state = find(point);
    if (state == nullptr || state->verdict == Verdict::broken) return set;
    const auto& previous = arrivals[static_cast<std::size_t>(state->verdict) - 1];
    for (std::int32_t k = state->via; k >= 0 && set.size() <= images.size(); k = previous[static_cast<std::size_t>(k)]) {
        set.push_back(static_cast<std::uint32_t>(k));
    }
    std::reverse(set.begin(), set.end());
    return set;
}

const PointState* Chain::find(Point point) const noexcept {
    const auto index = index_of(points, point);
    return index < 0 ? nullptr : &points[static_cast<std::size_t>(index)];
}

}  // namespace spchain
