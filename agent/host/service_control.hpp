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

// The step without which secrets lie open.
inline constexpr const char* protecting_step = "access to the data directory";

// Whether callers are let in to the port of the API. As it is: an existing rule follows the port, none is made.
enum class FirewallRule { as_it_is, open, closed };

struct ServiceSetup {
    std::string program;  // absolute path of the executable
    std::string config;   // absolute path of the configuration; empty: the default
    std::string data_directory;
    // "virtual": an account of its own that owns nothing; "system"; or an account's name, whose password the service control
    // manager must know already. Empty: as it is.
    std::string account;
    FirewallRule firewall = FirewallRule::as_it_is;
    std::uint16_t firewall_port = 0;
};

// The error is a sentence.
template <class T>
using Told = boost::system::result<T, std::string>;

[[nodiscard]] Told<ServiceState> service_state();
// The configuration that the service was installed with; empty: the default one, or no service.
[[nodiscard]] std::string service_config_file();
// Errors are sentences, empty where all went well.
[[nodiscard]] std::string install_service(const ServiceSetup& setup);
[[nodiscard]] std::string uninstall_service();
// The event source and the firewall rule; the service itself may be gone already.
void remove_service_traces();
// Until it runs, or its process has ended; at most so long.
[[nodiscard]] std::string start_service(std::chrono::seconds limit);
[[nodiscard]] std::string stop_service(std::chrono::seconds limit);
[[nodiscard]] std::string reload_service();
// Everything that the installer's own tables cannot say; may be repeated at any time and repairs what was changed.
[[nodiscard]] std::vector<SetupStep> configure_service(const ServiceSetup& setup);
// What of that the service itself may do, by itself: for its start. Nothing where its account may not.
void mend_own_service();

}  // namespace imc::host
