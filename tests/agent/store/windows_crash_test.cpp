// Processes that are killed, as Windows does it: this program starts itself for the part that is to die.
#include "tests/agent/store/endless_changes.hpp"
#include "tests/agent/store/support.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <windows.h>

using namespace imc::test;

namespace {

struct Closed {
    HANDLE handle = nullptr;
    ~Closed() {
        if (handle != nullptr) CloseHandle(handle);
    }
};

constexpr const char* child_words = " \"the part that is to die\"";

// A new process of this program that runs the hidden test below; what it needs to know is in the environment.
PROCESS_INFORMATION start_child() {
    char self[MAX_PATH] = {};
    REQUIRE(GetModuleFileNameA(nullptr, self, MAX_PATH) < MAX_PATH);
    std::string line = '"' + std::string(self) + '"' + child_words;
    STARTUPINFOA startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION child{};
    REQUIRE(CreateProcessA(self, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &child));
    return child;
}

}  // namespace

TEST_CASE("the part that is to die", "[.child]") {
    const char* path = std::getenv("IMC_CRASH_PATH");
    const char* mark = std::getenv("IMC_CRASH_MARK");
    const char* event = std::getenv("IMC_CRASH_EVENT");
    REQUIRE((path != nullptr && mark != nullptr && event != nullptr));
    const Closed begun{OpenEventA(EVENT_MODIFY_STATE, FALSE, event)};
    REQUIRE(begun.handle != nullptr);
    apply_for_ever(path, std::strtoull(mark, nullptr, 10), [&] { SetEvent(begun.handle); });
}

TEST_CASE("killed at any moment, the history holds one whole change") {
    const Temporary here;
    const std::string path = here.path("h.db");
    const std::string event = "imc-crash-" + std::to_string(GetCurrentProcessId());
    const Closed begun{CreateEventA(nullptr, FALSE, FALSE, event.c_str())};
    REQUIRE(begun.handle != nullptr);
    SetEnvironmentVariableA("IMC_CRASH_PATH", path.c_str());
    SetEnvironmentVariableA("IMC_CRASH_EVENT", event.c_str());
    std::uint64_t mark = 1;
    for (DWORD round = 0; round < 12; ++round) {
        SetEnvironmentVariableA("IMC_CRASH_MARK", std::to_string(mark).c_str());
        const PROCESS_INFORMATION child = start_child();
        const Closed process{child.hProcess};
        const Closed thread{child.hThread};
        const HANDLE either[2] = {begun.handle, process.handle};
        REQUIRE(WaitForMultipleObjects(2, either, FALSE, 60'000) == WAIT_OBJECT_0);
        // Steps that share no factor with the length of a change, to hit it at different places.
        Sleep(1 + round * 7);
        REQUIRE(TerminateProcess(process.handle, 9));
        REQUIRE(WaitForSingleObject(process.handle, 60'000) == WAIT_OBJECT_0);
        const std::uint64_t found = check_whole(path);
        CHECK(found >= mark);
        mark = found + 1;
    }
}
