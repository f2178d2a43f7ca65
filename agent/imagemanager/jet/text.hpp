// Text of a database as UTF-8. What it is not: for the code pages of Jet 3.
//
// Jet 4 keeps UTF-16, lowest byte first. A column with "Unicode compression" may instead begin with FF FE and then hold
// one byte a character (its value is the code point, as in Latin-1); a zero byte switches to two bytes a character,
// and back.
#pragma once

#include "agent/imagemanager/jet/view.hpp"

#include <string>

namespace imc::jet {

// Surrogates without partner, and a last half character, become U+FFFD. At most 3 bytes for each of `bytes`.
[[nodiscard]] std::string utf8_of(Bytes bytes);

}  // namespace imc::jet
