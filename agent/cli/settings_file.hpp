// The settings (store/settings.hpp) as verbs open them beside a running agent, which notices changes by itself. What it is
// not: a way round the agent for what only it can change.
#pragma once

#include "agent/cli/context.hpp"
#include "agent/store/settings.hpp"

namespace imc::cli {

// Nothing: told on standard error.
[[nodiscard]] std::optional<store::Settings> open_settings(const Context& context);
int settings_failed(const Context& context, boost::system::error_code error);
// Of a change by the command line; `detail` never holds a secret.
[[nodiscard]] store::AuditRecord audited(std::int64_t now, const char* action, const std::string& subject, const nlohmann::json& detail);

}  // namespace imc::cli
