// The picture of a chain as SVG 1.1 with a style sheet of its own: no script, no font, nothing from outside. What it is
// not: interactive; a page draws from the JSON of the same geometry. Pure.
//
// Colours are doubled by patterns, heights and titles; light and dark come from the reader's preference or are fixed. The
// number of elements is bounded by the width.
#pragma once

#include "agent/picture/view.hpp"

#include <string>

namespace imc::picture {

enum class Theme : std::uint8_t { automatic, light, dark };

inline constexpr int narrowest_svg = 280;  // pixels
inline constexpr int widest_svg = 4'000;

struct SvgOptions {
    int width = 1200;  // pixels, held to the limits above
    Axis axis = Axis::sequence;
    bool blast = false;  // also a strip of how many points hang on each file
    Theme theme = Theme::automatic;
};

[[nodiscard]] std::string svg_of(const View& view, const SvgOptions& options);

}  // namespace imc::picture
