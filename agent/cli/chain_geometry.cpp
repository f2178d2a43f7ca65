#include "agent/cli/chain_geometry.hpp"

#include <algorithm>
#include <map>

namespace imc::cli {
namespace {

// Where each differential's numbers begin.
class Axis {
public:
    explicit Axis(const ChainView& view) {
        std::map<std::uint32_t, std::uint32_t> largest;
        const auto take = [&largest](spchain::Point p) { largest[p.differential] = std::max(largest[p.differential], p.incremental); };
        for (const auto& image : view.images) {
            take(image.head);
            take(image.tail);
        }
        for (const auto& point : view.points) take(point.point);
        double next = 0;
        for (const auto& [differential, incremental] : largest) {
            begins_[differential] = next;
            next += static_cast<double>(incremental) + 1;
        }
        steps_ = std::max(0.0, next - 1);
    }

    [[nodiscard]] double steps() const { return steps_; }
    [[nodiscard]] double at(spchain::Point point) const {
        if (steps_ <= 0) return 0;
        return (begins_.at(point.differential) + static_cast<double>(point.incremental)) / steps_;
    }

private:
    std::map<std::uint32_t, double> begins_;
    double steps_ = 0;
};

}  // namespace

std::string_view to_string(Lane lane) noexcept {
    static constexpr std::string_view names[] = {"full", "diff", "rolling", "month", "week", "day", "other", "inc"};
    return names[static_cast<std::size_t>(lane)];
}

Lane lane_of(spchain::Kind kind) noexcept {
    switch (kind) {
        case spchain::Kind::full:
            return Lane::full;
        case spchain::Kind::differential:
            return Lane::differential;
        case spchain::Kind::incremental:
            return Lane::increment;
        case spchain::Kind::daily:
            return Lane::day;
        case spchain::Kind::weekly:
            return Lane::week;
        case spchain::Kind::monthly:
            return Lane::month;
        case spchain::Kind::rolling:
            return Lane::rolling;
        case spchain::Kind::consolidated:
            return Lane::other;
    }
    return Lane::other;
}

Geometry geometry_of(const ChainView& view) {
    const Axis axis(view);
    Geometry geometry;
    geometry.steps = axis.steps();
    for (std::size_t i = 0; i < view.images.size(); ++i) {
        const auto& image = view.images[i];
        geometry.bars.push_back({i, lane_of(image.kind), axis.at(image.tail), axis.at(image.head)});
    }
    for (std::size_t i = 0; i < view.points.size(); ++i) geometry.marks.push_back({i, axis.at(view.points[i].point)});
    return geometry;
}

}  // namespace imc::cli
