// What `imconnector scan` says to people: chains with their newest point, what they take, findings with what to do.
// What it is not: the JSON of it (directory_scan.hpp). Pure.
#pragma once

#include "agent/cli/directory_scan.hpp"

#include <string>

namespace imc::cli {

[[nodiscard]] std::string scan_page(const DirectoryScan& scan, Style style);

}  // namespace imc::cli
