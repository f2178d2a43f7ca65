// Crashes as it is told to, with the handlers of the agent installed: what they leave is looked at from outside.
#include "agent/host/crash.hpp"

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

[[gnu::noinline]] void write_to_nowhere(volatile int* where) {
    *where = 1;
}

[[gnu::noinline]] void throw_uncaught() {
    throw std::runtime_error("nobody catches this");
}

[[gnu::noinline]] void give_up() {
    std::abort();
}

// The depth comes from outside, so that no compiler sees that it has no end.
[[gnu::noinline]] int exhaust_stack(int depth, int end) {
    volatile char room[4'096] = {};
    room[0] = static_cast<char>(depth);
    return depth == end ? 0 : room[0] + exhaust_stack(depth + 1, end) + room[1];
}

void crash(std::string_view how) {
    if (how == "access") write_to_nowhere(nullptr);
    if (how == "uncaught") throw_uncaught();
    if (how == "abort") give_up();
    if (how == "stack") std::cout << exhaust_stack(0, how.front() == 's' ? -1 : 0);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 64;
    imc::host::record_crashes(argv[1], "crash_sample 1");
    const std::string_view how = argv[2];
    if (std::string_view(argv[3]) == "main") {
        crash(how);
    } else {
        std::thread([how] { crash(how); }).join();
    }
    return 0;
}
