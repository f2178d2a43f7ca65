// Who may open what the agent keeps: SYSTEM, Administrators and the service, by SID, nobody else, and nothing handed down
// from above. Internal to the agent's Win32 files. What it is not: the access to managed folders, which is never changed.
#pragma once

#include "agent/host/wide_win32.hpp"

#include <string>

namespace imc::host {

// As a security descriptor string. An account that is none of the three (somebody who tries the program without
// installing it) is let in to what it makes itself.
[[nodiscard]] std::wstring private_access();

// A drive, or a folder of the system that programs and people share: closing it would break the computer.
[[nodiscard]] bool shared_by_design(const std::wstring& path);

}  // namespace imc::host
