#include "agent/picture/geometry.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace imc::picture {
namespace {

using spchain::no_time;
using spchain::Point;
using spchain::UnixTime;

class Builder {
public:
    Builder(const spchain::Chain& chain, std::span<const Missing> missing) : chain_(chain), missing_(missing) {}

    Geometry run() {
        list_vertices();
        lay_out();
        for (const auto& image : chain_.images) geometry_.bars.push_back(bar_of(image));
        for (const auto& file : missing_) geometry_.holes.push_back(bar_of(file));
        geometry_.marks.reserve(chain_.points.size());
        for (const auto& state : chain_.points) geometry_.marks.push_back(at(state.point));
        tell_times();
        return std::move(geometry_);
    }

private:
    void list_vertices() {
        std::vector<Point> heads;  // ascend as images do; the few others are sorted apart
        std::vector<Point> others;
        heads.reserve(chain_.images.size());
        const auto other = [&](Point point) {
            if (heads.empty() || heads.back() != point) others.push_back(point);
        };
        for (const auto& image : chain_.images) {
            if (image.kind != spchain::Kind::full) other(image.tail);
            if (heads.empty() || heads.back() < image.head) {
                heads.push_back(image.head);
            } else {
                other(image.head);
            }
        }
        for (const auto& file : missing_) {
            others.push_back(file.tail);
            others.push_back(file.last);
        }
        if (heads.size() != chain_.points.size()) {
            for (const auto& state : chain_.points) others.push_back(state.point);
        }
        std::sort(others.begin(), others.end());
        std::vector<Point> all;
        all.reserve(heads.size() + others.size());
        std::merge(heads.begin(), heads.end(), others.begin(), others.end(), std::back_inserter(all));
        all.erase(std::unique(all.begin(), all.end()), all.end());
        geometry_.vertices.reserve(all.size());
        for (const Point point : all) geometry_.vertices.push_back({point, 0, no_time});
    }

    // Each differential's numbers follow those of the one before, with a step between.
    void lay_out() {
        double next = 0;
        for (auto& vertex : geometry_.vertices) {
            auto& segments = geometry_.segments;
            if (segments.empty() || segments.back().differential != vertex.point.differential) {
                segments.push_back({vertex.point.differential, next, next});
            }
            auto& segment = segments.back();
            vertex.step = segment.from + static_cast<double>(vertex.point.incremental);
            segment.to = vertex.step;
            next = segment.to + 1;
        }
        geometry_.steps = geometry_.segments.empty() ? 0 : geometry_.segments.back().to;
    }

    // Heads ascend, so the last answer is near the next one.
    [[nodiscard]] std::int32_t at(Point point) {
        const auto& vertices = geometry_.vertices;
        for (std::size_t k = hint_; k < std::min(vertices.size(), hint_ + 3); ++k) {
            if (vertices[k].point == point) return static_cast<std::int32_t>(hint_ = k);
        }
        hint_ = static_cast<std::size_t>(find(point));
        return static_cast<std::int32_t>(hint_);
    }

    [[nodiscard]] std::int32_t find(Point point) const {
        const auto found = std::lower_bound(geometry_.vertices.begin(), geometry_.vertices.end(), point,
                                            [](const Vertex& vertex, Point wanted) { return vertex.point < wanted; });
        return static_cast<std::int32_t>(found - geometry_.vertices.begin());
    }

    [[nodiscard]] Bar bar_between(Lane lane, bool full, Point tail, Point head, spchain::Verdict strength) {
        Bar bar;
        bar.lane = lane;
        bar.head = at(head);
        bar.strength = strength;
        if (full) return bar;
        const auto before = bar.head - 1;
        const bool near = before >= 0 && geometry_.vertices[static_cast<std::size_t>(before)].point == tail;
        // What does not begin before its end leads nowhere.
        bar.tail = near ? before : std::min(find(tail), bar.head);
        return bar;
    }

    [[nodiscard]] Bar bar_of(const spchain::Image& image) {
        return bar_between(lane_of(image.kind), image.kind == spchain::Kind::full, image.tail, image.head, spchain::strength_of(image));
    }

    [[nodiscard]] Bar bar_of(const Missing& file) {
        const bool numbered = file.kind <= spchain::Kind::incremental;
        return bar_between(lane_of(file.kind), file.kind == spchain::Kind::full, file.tail, file.last,
                           numbered ? spchain::Verdict::certain : spchain::Verdict::presumed);
    }

    // Per vertex the earliest file that ends there; vertices without one lie between their neighbours.
    void tell_times() {
        auto& vertices = geometry_.vertices;
        for (std::size_t k = 0; k < chain_.images.size(); ++k) {
            const UnixTime written = chain_.images[k].written;
            auto& time = vertices[static_cast<std::size_t>(geometry_.bars[k].head)].time;
            if (written != no_time && (time == no_time || written < time)) time = written;
        }
        UnixTime first = no_time;
        UnixTime last = no_time;
        for (const auto& vertex : vertices) {
            if (vertex.time == no_time) continue;
            first = first == no_time ? vertex.time : std::min(first, vertex.time);
            last = std::max(last, vertex.time);
        }
        geometry_.timed = first != last;
        if (!geometry_.timed) {
            for (auto& vertex : vertices) vertex.time = no_time;
            return;
        }
        geometry_.from = first;
        geometry_.to = last;
        for (std::size_t begin = 0; begin < vertices.size();) {
            std::size_t end = begin;
            while (end < vertices.size() && vertices[end].point.differential == vertices[begin].point.differential) ++end;
            fill_times(begin, end);
            begin = end;
        }
    }

    // [begin, end) is one differential.
    void fill_times(std::size_t begin, std::size_t end) {
        auto& vertices = geometry_.vertices;
        std::size_t known = end;
        for (std::size_t k = begin; k < end; ++k) {
            auto& vertex = vertices[k];
            if (vertex.time == no_time) continue;
            if (known != end) vertex.time = std::max(vertex.time, vertices[known].time);
            for (std::size_t gap = known == end ? begin : known + 1; gap < k; ++gap) {
                vertices[gap].time = known == end ? vertex.time : between(vertices[known], vertex, vertices[gap].step);
            }
            known = k;
        }
        for (std::size_t k = known == end ? begin : known + 1; k < end; ++k) {
            vertices[k].time = known == end ? geometry_.from : vertices[known].time;
        }
    }

    static UnixTime between(const Vertex& a, const Vertex& b, double step) {
        const double share = (step - a.step) / (b.step - a.step);
        const double seconds = (static_cast<double>(b.time) - static_cast<double>(a.time)) * share;
        return seconds >= 9e18 ? b.time : std::clamp(a.time + static_cast<UnixTime>(seconds), a.time, b.time);
    }

    const spchain::Chain& chain_;
    std::span<const Missing> missing_;
    Geometry geometry_;
    std::size_t hint_ = 0;
};

}  // namespace

std::string_view to_string(Lane lane) noexcept {
    static constexpr std::array<std::string_view, lane_count> names = {"full",   "differential", "rolling",      "monthly",
                                                                       "weekly", "daily",        "consolidated", "increments"};
    return names[static_cast<std::size_t>(lane)];
}

Lane lane_of(spchain::Kind kind) noexcept {
    switch (kind) {
        case spchain::Kind::full:
            return Lane::full;
        case spchain::Kind::differential:
            return Lane::differential;
        case spchain::Kind::incremental:
            return Lane::increments;
        case spchain::Kind::daily:
            return Lane::daily;
        case spchain::Kind::weekly:
            return Lane::weekly;
        case spchain::Kind::monthly:
            return Lane::monthly;
        case spchain::Kind::rolling:
            return Lane::rolling;
        case spchain::Kind::consolidated:
            return Lane::consolidated;
    }
    return Lane::consolidated;
}

double Geometry::place(std::int32_t vertex, Axis axis) const noexcept {
    const auto& here = vertices[static_cast<std::size_t>(vertex)];
    if (axis == Axis::time && timed) {
        return (static_cast<double>(here.time) - static_cast<double>(from)) / (static_cast<double>(to) - static_cast<double>(from));
    }
    return steps > 0 ? here.step / steps : 0;
}

Geometry geometry_of(const spchain::Chain& chain, std::span<const Missing> missing) {
    return Builder(chain, missing).run();
}

}  // namespace imc::picture
