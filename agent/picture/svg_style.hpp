// The style sheet and the patterns of the SVG, for light and dark. Internal to the printer. What it is not: geometry.
// Plain classes and values, because not every reader of SVG knows variables.
//
// Classes: k0 to k7 lanes; i inferred, s settling, d doubtful, o orphan, m missing; c certain, p presumed points; set the
// restore set; t muted text.
#pragma once

#include "agent/picture/svg.hpp"

#include <string>

namespace imc::picture {

[[nodiscard]] std::string style_sheet(Theme theme);  // <style> and <defs>

}  // namespace imc::picture
