// The way to the running agent, for verbs that can do nothing without it. What it is not: for those that show what was last known.
#pragma once

#include "agent/cli/client.hpp"
#include "agent/cli/context.hpp"

#include <optional>

namespace imc::cli {

// By the configuration. Nothing: why is told on standard error.
[[nodiscard]] std::optional<Client> running_agent(const Context& context);

}  // namespace imc::cli
