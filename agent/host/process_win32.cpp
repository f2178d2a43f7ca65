#include "agent/host/process.hpp"
#include "agent/host/wide_win32.hpp"

#include <csignal>

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
std::string program_path() {
    std::wstring path(32'768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return utf8(path);
}
void limit_memory() {}
void release_memory() {
    SetProcessWorkingSetSize(GetCurrentProcess(), static_cast<SIZE_T>(-1), static_cast<SIZE_T>(-1));
}

}  // namespace imc::host
