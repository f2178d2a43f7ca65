// The numbers of the agent in the text exposition format of Prometheus. What it is not: complete for huge servers;
// at most 5,000 volumes and 5,000 folders are listed one by one, and a metric says how many were left out.
#pragma once

#include "agent/api/index.hpp"

#include <string>

namespace imc::api {

[[nodiscard]] std::string metrics_text(const Index& index, const AgentFacts& facts, const ServerCounters& counters, store::UnixTime now);

}  // namespace imc::api
