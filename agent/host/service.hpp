// The process as a Windows service: under the service control manager instead of a terminal. service_win32.cpp; elsewhere
// there is none (service_posix.cpp), because systemd starts programs like anybody else. What it is not: installation
// (service_control.hpp).
#pragma once

#include "agent/host/overseer.hpp"

#include <functional>
#include <optional>

namespace imc::host {

// Runs `body` as the service, on a thread of its own, with an overseer that is the service control manager, and gives what
// it returns. Nothing, and `body` has not run: the process was started by somebody else.
[[nodiscard]] std::optional<int> run_as_service(const std::function<int(Overseer&)>& body);

}  // namespace imc::host
