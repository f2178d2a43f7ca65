// The program's version, as the build says it. What it is not: the version of the API (1, in its paths).
#pragma once

#include <string>

namespace imc {

[[nodiscard]] std::string version();  // "0.1.0"

}  // namespace imc
