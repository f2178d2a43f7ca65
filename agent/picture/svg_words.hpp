// What is said of one block or one stretch of points when somebody points at it. Internal to the printers. What it is not:
// escaped.
#pragma once

#include "agent/picture/layout.hpp"

#include <string>

namespace imc::picture {

// "C_VOL-b001-i024-cd.spi, 900 MB, from b001 (inferred), blast radius 24"
[[nodiscard]] std::string words_of(const View& view, const Block& block);
// "3 points, b001-i004 to b001-i006: broken"
[[nodiscard]] std::string words_of(const View& view, const Stretch& stretch);

}  // namespace imc::picture
