// The verbs about the relay: enroll, shuttle status. What it is not: the tunnel; the running agent keeps it.
#pragma once

#include "agent/cli/context.hpp"
#include "agent/engine/engine.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace imc::cli {

struct EnrollOptions {
    std::string code;            // empty or "-": from standard input
    bool replace = false;        // although the agent is enrolled already
    std::string proxy = "auto";  // "auto", "none", or a URL without credentials
    std::string proxy_user;      // its password comes as the second line of standard input
    std::string ca_file;
    bool refuse_interception = false;
};
int enroll(const Context& context, const EnrollOptions& options);
// What the running agent tells of its tunnel; null: no agent runs, or it has not told for a minute.
[[nodiscard]] nlohmann::json tunnel_state(const engine::Places& places, std::int64_t now);
// What to do about the step that it fails at; empty where nothing is known.
[[nodiscard]] std::string tunnel_remedy(const nlohmann::json& state);
int shuttle_status(const Context& context, bool json);

}  // namespace imc::cli
