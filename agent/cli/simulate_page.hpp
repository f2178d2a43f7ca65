// The answer of a simulation for people. What it is not: the words of it, which the answer brings along. Pure.
#pragma once

#include "agent/cli/text.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace imc::cli {

// `answer` as of POST /v1/volumes/{id}/simulate.
[[nodiscard]] std::string simulate_page(const nlohmann::json& answer, Style style);

}  // namespace imc::cli
