// From the text of a file to the configuration and everything that is wrong with it, by the table of keys.
// What it is not: public; config.hpp is.
#pragma once

#include "agent/config/config.hpp"

#include <string_view>

namespace imc::config {

// Problems come without a file's name. At most 200 of them; the last then says that there are more.
[[nodiscard]] Loaded read_toml(std::string_view text);

}  // namespace imc::config
