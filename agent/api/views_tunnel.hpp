// The tunnel as JSON, in the shape of openapi.json. What it is not: a judgement; the finding tunnel_down is one. Pure.
#pragma once

#include "agent/api/tunnel_facts.hpp"

#include <nlohmann/json.hpp>

namespace imc::api {

// Null: not enrolled at a relay.
[[nodiscard]] nlohmann::json tunnel_json(const TunnelFacts& facts);

}  // namespace imc::api
