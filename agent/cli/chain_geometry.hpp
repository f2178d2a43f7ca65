// Where the images and points of a chain lie in its picture: a lane for each kind, a bar from tail to head, all
// between 0 and 1 from left to right. Text today and other printers tomorrow draw the same bars. What it is not: a
// drawing. Pure.
#pragma once

#include "agent/cli/chain_view.hpp"

#include <string_view>
#include <vector>

namespace imc::cli {

// From top to bottom.
enum class Lane { full, differential, rolling, month, week, day, other, increment };
inline constexpr int lane_count = 8;
[[nodiscard]] std::string_view to_string(Lane) noexcept;  // "full", "diff", "rolling", "month", "week", "day", "other", "inc"
[[nodiscard]] Lane lane_of(spchain::Kind) noexcept;

struct Bar {
    std::size_t image;  // index into ChainView::images
    Lane lane;
    double from, to;  // tail and head; equal for a full
};

struct Mark {
    std::size_t point;  // index into ChainView::points
    double at;
};

// By number, not by time: a machine that rests does not stretch the picture. Increments of a differential follow those
// of the one before.
struct Geometry {
    std::vector<Bar> bars;
    std::vector<Mark> marks;
    double steps = 0;  // numbers between left and right; 0: the base alone
};

[[nodiscard]] Geometry geometry_of(const ChainView& view);

}  // namespace imc::cli
