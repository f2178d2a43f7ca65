#include "agent/host/process.hpp"

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
