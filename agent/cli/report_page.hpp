// One day's report and the list of logs for people: text for a terminal, and HTML in one piece that can be sent by mail. What it is not:
// the numbers; the API has these. Pure functions of the API's documents.
#pragma once

#include "agent/cli/text.hpp"
#include "agent/config/config.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace imc::cli {

[[nodiscard]] std::string report_page(const nlohmann::json& report, Style style);
[[nodiscard]] std::string logs_page(const nlohmann::json& logs, Style style);
// Styles are in the elements' own attributes, because mail programs throw others away; nothing is loaded from anywhere. `agent` is
// what /v1/agent says.
[[nodiscard]] std::string report_html(const nlohmann::json& report, const nlohmann::json& agent, const config::Brand& brand);
// What went wrong on the day by the counts of a folder or of all: in backups and in all that ImageManager does. Damage that the agent
// found itself is counted apart.
[[nodiscard]] std::uint64_t failures_of(const nlohmann::json& counts);

}  // namespace imc::cli
