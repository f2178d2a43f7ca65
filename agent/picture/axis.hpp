// What is written along the horizontal axis: numbers with their dates, or dates alone. What it is not: a layout; labels
// are placed, not measured. Pure; times are UTC.
#pragma once

#include "agent/picture/geometry.hpp"

#include <string>
#include <vector>

namespace imc::picture {

struct Tick {
    double at = 0;      // 0 (left) to 1 (right)
    std::string label;  // "base", "i1000", "d2", "2026-11-21", "14:00"
    std::string below;  // its date, where the label is a number and times are known; empty: none
};

// Ascending, no two nearer than `least` (a share of the width, above 0).
[[nodiscard]] std::vector<Tick> ticks_of(const Geometry& geometry, Axis axis, double least);

// "2026-11-21"; empty where nothing is known. Years outside 0 to 9999 become the nearest within.
[[nodiscard]] std::string date_text(spchain::UnixTime time);

}  // namespace imc::picture
