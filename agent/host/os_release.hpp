// The format of /etc/os-release, as far as a name for people needs it. Internal to agent/host's POSIX files.
// What it is not: a shell; values with variables are taken as they stand.
#pragma once

#include <string>
#include <string_view>

namespace imc::host {

// PRETTY_NAME without its quotes and escapes and without control characters; empty where there is none.
[[nodiscard]] std::string pretty_name(std::string_view os_release);

}  // namespace imc::host
