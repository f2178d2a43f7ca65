// The bytes of agent/api/openapi.json, built into the program. What it is not: what is served; openapi.hpp fills the
// version in.
#pragma once

#include <string_view>

namespace imc::api {

[[nodiscard]] std::string_view openapi_document() noexcept;

}  // namespace imc::api
