// The checks of `imconnector doctor` that concern ImageManager: each of the sources in turn, found or not, readable or not, how
// old; and the checklist by which a new version of ImageManager is accepted. What it is not: a repair; nothing is changed.
#pragma once

#include "agent/cli/checks.hpp"
#include "agent/config/config.hpp"

#include <cstdint>
#include <vector>

namespace imc::cli {

// Program, service, database, folders that it manages, logs, events. Looks itself, without the agent.
[[nodiscard]] std::vector<Check> examine_sources(const config::Config& config, std::int64_t now);

// What an operator sends to support after ImageManager was updated: version, service, tables and columns by themselves, then what
// the running agent shows of each folder, volume and chain, and whether reports and logs can be browsed.
[[nodiscard]] std::vector<Check> examine_compatibility(const config::Config& config);

}  // namespace imc::cli
