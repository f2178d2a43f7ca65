// Guards the TOML parser, whose own limit knows nested arrays but not dotted keys ("a.a.a.a..."), each part of which
// becomes a table within a table. What it is not: a parser; it only keeps count outside of strings and comments.
#pragma once

#include <string_view>

namespace imc::config {

inline constexpr int most_key_parts = 16;

// The 1-based line of the first key with more parts than that; 0: there is none.
[[nodiscard]] int too_many_parts(std::string_view toml) noexcept;

}  // namespace imc::config
