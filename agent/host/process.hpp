// What the agent asks of the process it runs in: which signals stop and reload it, and that freed memory goes back to
// the system. process_posix.cpp and process_win32.cpp. What it is not: a service (that is the host's own part).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace imc::host {

[[nodiscard]] std::vector<int> stop_signals();
[[nodiscard]] std::vector<int> reload_signals();  // none on Windows
[[nodiscard]] std::int64_t process_id();
[[nodiscard]] std::string program_path();  // absolute, UTF-8; empty: the system does not tell
// Few allocation arenas: many threads that mostly wait must not hold memory each. Call once, before threads start.
void limit_memory();
// Gives freed memory back after a large piece of work.
void release_memory();

}  // namespace imc::host
