// The log of the computer, for the few events that an administrator looks for there: the Application log of Windows
// (system_log_win32.cpp). Elsewhere nothing (system_log_posix.cpp): what goes to standard error is in the journal. What it
// is not: the agent's own log.
#pragma once

#include <cstdint>
#include <string_view>

namespace imc::host {

// The ids of the entries; documented, never reused. Their texts are in installer/messages.mc.
enum class SystemEvent : std::uint32_t {
    started = 100,
    stopped = 101,
    start_failed = 110,
    ended_by_fault = 111,
    would_not_end = 112,
    configuration_refused = 120,
    crashed = 130,
};

// `detail` is put into the entry's text; what the system refuses is lost. Any thread.
void tell_system(SystemEvent event, std::string_view detail) noexcept;

}  // namespace imc::host
