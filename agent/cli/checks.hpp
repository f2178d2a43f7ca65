// The checks of `imconnector doctor`: each looks at one thing the agent needs and says how it is. What it is not: a
// repair; nothing is changed but a small file in the data directory that is removed again.
#pragma once

#include "agent/cli/context.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace imc::cli {

struct Check {
    std::string result;  // "ok" | "warning" | "critical" | "unknown" could not look
    std::string name;    // "configuration", "data directory" ...
    std::string says;
    std::string remedy;  // empty where it is ok
};

// All of them, in the order in which one needs the other.
[[nodiscard]] std::vector<Check> examine(const Context& context);
// 2 with anything critical, else 3 where something could not be looked at, else 1 with a warning, else 0.
[[nodiscard]] int exit_code_of(const std::vector<Check>& checks);
[[nodiscard]] std::string checks_page(const std::vector<Check>& checks, Style style);
[[nodiscard]] nlohmann::json checks_json(const std::vector<Check>& checks);

}  // namespace imc::cli
