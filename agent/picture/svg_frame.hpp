// What stands around the bars of the SVG: heading, description for those who do not see it, axis, legend. Internal to
// the printer. What it is not: bars.
#pragma once

#include "agent/picture/layout.hpp"
#include "agent/picture/svg.hpp"

#include <string>
#include <vector>

namespace imc::picture {

// Pixels. The plot begins at `left` (a full is drawn left of it) and is `room` wide.
struct Frame {
    double width = 0, left = 0, room = 0;
    bool narrow = false;  // no counts beside the lanes
};
[[nodiscard]] Frame frame_of(const SvgOptions& options);

// Each part begins at `y`, which is moved below it.
[[nodiscard]] std::string heading_part(const View& view, const Frame& frame, double& y);
[[nodiscard]] std::string axis_part(const View& view, const Frame& frame, Axis axis, double top, double& y);

struct LegendItem {
    std::string shape;  // an element 20 wide and 12 high at the origin
    std::string text;
};
[[nodiscard]] std::string legend_part(const std::vector<LegendItem>& items, const Frame& frame, double& y);

// Sentences: what the picture shows.
[[nodiscard]] std::string description_of(const View& view, const Layout& layout);

// "b001-i012 (2026-11-21 09:30 UTC): certain, restored by 22 files, 120 GB"
[[nodiscard]] std::string point_sentence(const View& view, std::int32_t point);

}  // namespace imc::picture
