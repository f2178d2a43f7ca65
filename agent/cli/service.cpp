#include "agent/cli/fields.hpp"
#include "agent/cli/installer.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/engine/engine.hpp"
#include "agent/host/process.hpp"
#include "agent/host/service_control.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <ostream>

namespace imc::cli {
namespace {

using host::SetupStep;

constexpr auto start_limit = std::chrono::seconds(300);
constexpr auto stop_limit = std::chrono::seconds(60);
constexpr std::size_t outcome_width = 12;

std::uint16_t port_of(const std::string& address) {
    std::uint16_t port = 0;
    const auto colon = address.rfind(':');
    if (colon != std::string::npos) std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    return port;
}

// The service has another working directory.
std::string absolute(const std::string& path) {
    std::error_code error;
    const auto whole = std::filesystem::absolute(std::u8string(path.begin(), path.end()), error).u8string();
    return error ? path : std::string(whole.begin(), whole.end());
}

// A configuration with a mistake is no reason to leave the service half set up; what it would say is taken as not said.
host::ServiceSetup setup_of(const Context& context, const ServiceOptions& options) {
    const std::string installed = context.config_file.empty() ? host::service_config_file() : absolute(context.config_file);
    const auto loaded = config::load(installed.empty() ? config_path(context) : installed);
    const config::Config config = loaded.problems.empty() ? loaded.config : config::Config();
    host::ServiceSetup setup;
    setup.program = host::program_path();
    setup.config = installed;
    setup.data_directory = engine::Places(config).directory;
    setup.account = options.account;
    setup.firewall_port = config.listen.empty() ? std::uint16_t{0} : port_of(config.listen.front());
    if (options.firewall == "on" && setup.firewall_port != 0) setup.firewall = host::FirewallRule::open;
    if (options.firewall == "off") setup.firewall = host::FirewallRule::closed;
    return setup;
}

const char* word_of(SetupStep::Outcome outcome) {
    switch (outcome) {
        case SetupStep::Outcome::done:
            return "done";
        case SetupStep::Outcome::unsupported:
            return "unsupported";
        case SetupStep::Outcome::failed:
            return "FAILED";
    }
    return "unknown";
}

int show(const Context& context, const std::vector<SetupStep>& steps) {
    const Style style = context.style();
    bool failed = false;
    for (const auto& step : steps) {
        failed |= step.outcome == SetupStep::Outcome::failed;
        const Tone tone = step.outcome == SetupStep::Outcome::done          ? Tone::plain
                          : step.outcome == SetupStep::Outcome::unsupported ? Tone::dim
                                                                            : Tone::bad;
        context.out << style.paint(padded(word_of(step.outcome), outcome_width), tone) << step.what
                    << (step.problem.empty() ? std::string() : ": " + visible(step.problem)) << "\n";
    }
    return failed ? exit_failed : exit_ok;
}

int told(const Context& context, const std::string& problem, const char* done) {
    if (!problem.empty()) return context.complain(problem);
    context.err << done << "\n";
    return exit_ok;
}

}  // namespace

std::vector<SetupStep> configured(const Context& context, const ServiceOptions& options) {
    return host::configure_service(setup_of(context, options));
}

int install_service(const Context& context, const ServiceOptions& options) {
    auto setup = setup_of(context, options);
    if (setup.account.empty()) setup.account = "virtual";
    if (setup.firewall == host::FirewallRule::as_it_is) setup.firewall = host::FirewallRule::closed;
    if (const auto problem = host::install_service(setup); !problem.empty()) return context.complain(problem);
    return show(context, host::configure_service(setup));
}

int configure_service(const Context& context, const ServiceOptions& options) {
    return show(context, configured(context, options));
}

int uninstall_service(const Context& context) {
    return told(context, host::uninstall_service(), "The service is removed; what the agent knows stays in its data directory.");
}

int start_service(const Context& context) {
    return told(context, host::start_service(start_limit), "The service runs.");
}

int stop_service(const Context& context) {
    return told(context, host::stop_service(stop_limit), "The service has stopped.");
}

}  // namespace imc::cli
