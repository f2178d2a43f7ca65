// Text from a file made fit for messages: for a terminal, a log and JSON. What it is not: reversible.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace imc::config {

// At most `most` bytes, not cut within a character; control characters and what is not UTF-8 become '?'.
[[nodiscard]] std::string printable(std::string_view text, std::size_t most);

}  // namespace imc::config
