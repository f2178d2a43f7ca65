#include "agent/api/views_picture.hpp"

#include <array>
#include <optional>

namespace imc::api {

using nlohmann::json;

namespace {

// Lanes are numbered as they are listed: only those in use.
class Lanes {
public:
    explicit Lanes(const picture::Geometry& geometry) {
        std::array<bool, picture::lane_count> used{};
        for (const auto& bar : geometry.bars) used[static_cast<std::size_t>(bar.lane)] = true;
        for (const auto& hole : geometry.holes) used[static_cast<std::size_t>(hole.lane)] = true;
        for (std::size_t lane = 0; lane < used.size(); ++lane) {
            if (!used[lane]) continue;
            numbers_[lane] = static_cast<int>(names_.size());
            names_.push_back(picture::to_string(static_cast<picture::Lane>(lane)));
        }
    }
    [[nodiscard]] int number(picture::Lane lane) const { return numbers_[static_cast<std::size_t>(lane)]; }
    [[nodiscard]] const json& names() const { return names_; }

private:
    std::array<int, picture::lane_count> numbers_{};
    json names_ = json::array();
};

// Steps are whole.
std::uint64_t step_number(double step) {
    return static_cast<std::uint64_t>(step);
}

json vertices_json(const picture::Geometry& geometry) {
    json steps = json::array();
    json times = json::array();
    for (const auto& vertex : geometry.vertices) {
        steps.push_back(step_number(vertex.step));
        if (geometry.timed) times.push_back(vertex.time);
    }
    return {{"step", std::move(steps)}, {"time", geometry.timed ? std::move(times) : json()}};
}

json bars_json(const picture::Geometry& geometry, const Lanes& lanes) {
    json lane = json::array(), tail = json::array(), head = json::array(), strength = json::array();
    for (const auto& bar : geometry.bars) {
        lane.push_back(lanes.number(bar.lane));
        tail.push_back(bar.tail);
        head.push_back(bar.head);
        strength.push_back(static_cast<int>(bar.strength));
    }
    return {{"lane", std::move(lane)}, {"tail", std::move(tail)}, {"head", std::move(head)}, {"strength", std::move(strength)}};
}

}  // namespace

json picture_json(const spchain::Chain& chain, const picture::Geometry& geometry, std::span<const picture::Missing> missing) {
    const Lanes lanes(geometry);
    json segments = json::array();
    for (const auto& segment : geometry.segments) {
        segments.push_back({{"differential", segment.differential}, {"from", step_number(segment.from)}, {"to", step_number(segment.to)}});
    }
    json files = json::array();
    for (std::size_t k = 0; k < missing.size(); ++k) {
        const auto& file = missing[k];
        const auto& hole = geometry.holes[k];
        const auto point = [&chain](spchain::Point p) { return spchain::to_string(chain.base, p); };
        files.push_back({{"name", file.name},
                         {"kind", spchain::to_string(file.kind)},
                         {"first", point(file.first)},
                         {"last", point(file.last)},
                         {"begins", file.kind == spchain::Kind::full ? json() : json(point(file.tail))},
                         {"count", file.count},
                         {"lane", lanes.number(hole.lane)},
                         {"tail", hole.tail},
                         {"head", hole.head},
                         {"strength", static_cast<int>(hole.strength)}});
    }
    return {{"segments", std::move(segments)},     {"steps", step_number(geometry.steps)}, {"lanes", lanes.names()},
            {"vertices", vertices_json(geometry)}, {"bars", bars_json(geometry, lanes)},   {"points", geometry.marks},
            {"missing", std::move(files)}};
}

json pictured_volume_json(const spchain::Volume& volume, std::span<const spchain::Entry> entries, std::span<const spchain::Memory> memory,
                          const std::vector<store::FindingRecord>& findings, RestoreSets sets) {
    json result = volume_json(volume, entries, findings, sets);
    for (std::size_t c = 0; c < volume.chains.size(); ++c) {
        const auto missing = picture::missing_of(volume, volume.chains[c], memory);
        result["chains"][c]["picture"] = picture_json(volume.chains[c], picture::geometry_of(volume.chains[c], missing), missing);
    }
    return result;
}

}  // namespace imc::api
