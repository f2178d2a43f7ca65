// Guards the TOML parser, whose own limit knows nested arrays but not dotted keys ("a.a.a.a…"), each of which
// becomes a table within a table. What it is not: a parser; it only keeps count outside of strings and comments.
#pragma once

#include <string_view>

namespace imc::config {

inline constexpr int deepest = 16;

// The 1-based line of the first key with more than `deepest` dots; 0: there is none.
[[nodiscard]] int too_deep_line(std::string_view toml) noexcept;

}  // namespace imc::config
