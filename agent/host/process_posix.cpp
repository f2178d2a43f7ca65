#include "agent/host/process.hpp"

#include <array>
#include <csignal>
#include <malloc.h>
#include <unistd.h>

namespace imc::host {

std::vector<int> stop_signals() {
    return {SIGINT, SIGTERM};
}
std::vector<int> reload_signals() {
    return {SIGHUP};
}
std::int64_t process_id() {
    return getpid();
}

std::string program_path() {
    std::array<char, 4'096> path{};
    const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
    return length > 0 ? std::string(path.data(), static_cast<std::size_t>(length)) : std::string();
}

void limit_memory() {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 18);
#endif
}

void release_memory() {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

}  // namespace imc::host
