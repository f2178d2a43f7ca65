#include "agent/host/service_control.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace imc::host {
namespace {

constexpr const char* unit = "imconnector.service";
constexpr std::size_t longest_answer = 4'096;

struct Ran {
    int code = -1;
    std::string output;
};

// systemctl by its fixed place and with fixed words; nothing from outside goes to it.
Ran systemctl(std::vector<const char*> words) {
    int pipe_ends[2] = {-1, -1};
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) return {};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], 2);
    words.insert(words.begin(), "/usr/bin/systemctl");
    words.push_back(nullptr);
    std::array<char, 6> path = {'P', 'A', 'T', 'H', '=', '\0'};
    char* environment[] = {path.data(), nullptr};
    pid_t child = 0;
    const int spawned = ::posix_spawn(&child, words[0], &actions, nullptr, const_cast<char* const*>(words.data()), environment);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe_ends[1]);
    Ran ran;
    if (spawned == 0) {
        std::array<char, 512> buffer{};
        for (;;) {
            const auto got = ::read(pipe_ends[0], buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            if (ran.output.size() < longest_answer) ran.output.append(buffer.data(), static_cast<std::size_t>(got));
        }
        int status = 0;
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }
    ::close(pipe_ends[0]);
    while (!ran.output.empty() && (ran.output.back() == '\n' || ran.output.back() == ' ')) ran.output.pop_back();
    return ran;
}

std::string asked(const char* verb) {
    const Ran ran = systemctl({"--no-ask-password", verb, unit});
    if (ran.code == 0) return {};
    if (ran.code < 0) return "there is no systemd here; use imconnector run";
    return "systemctl " + std::string(verb) + " " + unit + " ended with " + std::to_string(ran.code) +
           (ran.output.empty() ? std::string() : ": " + ran.output);
}

constexpr const char* by_package = "the Debian package installs and removes the service (apt install, apt remove)";

}  // namespace

Told<ServiceState> service_state() {
    ServiceState state;
    const Ran loaded = systemctl({"show", "--property=LoadState", "--value", unit});
    if (loaded.code != 0 || loaded.output != "loaded") return state;
    state.installed = true;
    const Ran active = systemctl({"show", "--property=ActiveState", "--value", unit});
    state.state = active.output == "active" ? "running" : active.output == "inactive" ? "stopped" : active.output;
    return state;
}

std::string service_config_file() {
    return {};
}
std::string install_service(const ServiceSetup&) {
    return by_package;
}
std::string uninstall_service() {
    return by_package;
}
std::string start_service(std::chrono::seconds) {
    return asked("start");  // until it is ready, by Type=notify; the unit has the limit
}
std::string stop_service(std::chrono::seconds) {
    return asked("stop");
}
std::string reload_service() {
    return asked("reload");
}

std::vector<SetupStep> configure_service(const ServiceSetup&) {
    SetupStep reload{"configuration loaded", SetupStep::Outcome::done, reload_service()};
    if (!reload.problem.empty()) reload.outcome = SetupStep::Outcome::failed;
    return {reload};
}

void mend_own_service() {}
void remove_service_traces() {}

}  // namespace imc::host
