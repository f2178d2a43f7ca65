// Says of a configuration what is impossible in it, written apart from the agent's own checks so that the two
// can be held against each other. What it is not: part of the product.
#pragma once

#include "agent/config/config.hpp"

#include <string>

namespace support {

// Empty: everything is within its range. Else the name of the first key that is not.
[[nodiscard]] std::string impossible(const imc::config::Config& config);
// A full configuration that has every table, in TOML.
[[nodiscard]] std::string full_example();

}  // namespace support
