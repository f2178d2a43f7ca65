// What the program's end says to the shell. status, scan and doctor follow monitoring plugins; all other verbs
// know ok, failed and usage only. What it is not: a text; the sentence goes to standard error.
#pragma once

#include <string_view>

namespace imc::cli {

enum ExitCode : int {
    exit_ok = 0,
    exit_failed = 1,
    exit_warning = 1,   // monitoring: something wants to be looked at
    exit_critical = 2,  // monitoring: something cannot be restored, or soon will not
    exit_unknown = 3,   // monitoring: could not look
    exit_usage = 64,
};

// "critical" 2, "warning" 1, everything else 0: what is good to know is no alarm.
[[nodiscard]] constexpr int exit_of_severity(std::string_view severity) noexcept {
    return severity == "critical" ? exit_critical : severity == "warning" ? exit_warning : exit_ok;
}

}  // namespace imc::cli
