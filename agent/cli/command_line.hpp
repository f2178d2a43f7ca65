// From words to a verb and its exit code. What it is not: the verbs (verbs.hpp).
#pragma once

#include "agent/cli/context.hpp"

#include <string>
#include <vector>

namespace imc::cli {

// `words`: without the program's name. Help goes to `context.out` and gives 0, wrong usage to `context.err` and gives
// 64. Sets context.config_file. Throws what verbs throw.
[[nodiscard]] int run_command_line(const std::vector<std::string>& words, Context& context);

}  // namespace imc::cli
