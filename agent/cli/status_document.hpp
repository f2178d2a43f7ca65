// Everything the status page shows, as the document of `status --json`:
// {"running","health","agent","folders","volumes","findings"}, in the shapes of the API. What it is not: the page.
#pragma once

#include "agent/cli/client.hpp"
#include "agent/config/config.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace imc::cli {

// From the running agent.
[[nodiscard]] Answer<nlohmann::json> live_status(Client& client);
// What the history has of the agent that does not run: "running" is false, "agent" null and "health" "unknown", whatever
// was known.
[[nodiscard]] Answer<nlohmann::json> last_known_status(const config::Config& config, const engine::Places& places, std::int64_t now);
// 0, 1, 2 by the worst open finding; 3 while the agent does not run or has not looked at every folder since its start.
[[nodiscard]] int status_exit_code(const nlohmann::json& document);

}  // namespace imc::cli
