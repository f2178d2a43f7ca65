#include "agent/host/process.hpp"

#include <csignal>
#include <windows.h>

namespace imc::host {

std::vector<int> stop_signals() {
    return {SIGINT, SIGTERM, SIGBREAK};
}
std::vector<int> reload_signals() {
    return {};
}
std::int64_t process_id() {
    return static_cast<std::int64_t>(GetCurrentProcessId());
}
void limit_memory() {}
void release_memory() {
    SetProcessWorkingSetSize(GetCurrentProcess(), static_cast<SIZE_T>(-1), static_cast<SIZE_T>(-1));
}

}  // namespace imc::host
