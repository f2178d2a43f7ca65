// Patterns with '*' (any text, also none and also across '/') and '?' (one character). What it is not: a path
// matcher; there are no sets and no escapes.
#pragma once

#include <string_view>

namespace imc::monitor {

// Case of ASCII letters does not matter. Takes at most pattern x text steps and no memory.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text) noexcept;

}  // namespace imc::monitor
