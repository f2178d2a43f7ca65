// The service as the computer knows it: installed, started, stopped, and set up as it should be. service_control_win32.cpp
// speaks to the service control manager, service_control_posix.cpp to systemd (whose unit the package brings). All functions
// wait, and need an administrator. What it is not: the service at work (service.hpp).
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace imc::host {

struct ServiceState {
    bool installed = false;
    std::string state;            // "running", "stopped", "start_pending" ...; empty: not installed
    std::uint32_t failed_at = 0;  // the StartStep at which the last start failed; 0: none, or not known
};

// What one part of the setup came to.
struct SetupStep {
    enum class Outcome { done, unsupported, failed };  // unsupported: this system does not know it; not a fault
    std::string what;                                  // "recovery actions"
    Outcome outcome = Outcome::done;
    std::string problem;  // empty where done
};

struct ServiceSetup {
    std::string program;  // absolute path of the executable
    std::string config;   // absolute path of the configuration; empty: the default
    std::string data_directory;
    // "virtual": an account of its own that owns nothing; "system"; or an account's name, whose password the service control
    // manager must know already. Empty: as it is.
    std::string account;
    std::uint16_t firewall_port = 0;  // the rule lets callers in to this port; 0: no rule
    bool firewall = false;            // false: an existing rule of ours is removed
};

// The error is a sentence.
template <class T>
using Told = boost::system::result<T, std::string>;

[[nodiscard]] Told<ServiceState> service_state();
// Errors are sentences, empty where all went well.
[[nodiscard]] std::string install_service(const ServiceSetup& setup);
[[nodiscard]] std::string uninstall_service();
// Until it runs (or has stopped), at most so long.
[[nodiscard]] std::string start_service(std::chrono::seconds limit);
[[nodiscard]] std::string stop_service(std::chrono::seconds limit);
[[nodiscard]] std::string reload_service();
// Everything that the installer's own tables cannot say; may be repeated at any time and repairs what was changed.
[[nodiscard]] std::vector<SetupStep> configure_service(const ServiceSetup& setup);

}  // namespace imc::host
