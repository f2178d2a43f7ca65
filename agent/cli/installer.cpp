// The steps that the installer has the program do, each a process of its own under the system's account. None asks, none
// shows a window; what they did is in installer.log, since nobody keeps what they print.
#include "agent/cli/installer.hpp"

#include "agent/cli/data_files.hpp"
#include "agent/cli/hidden_input.hpp"
#include "agent/config/edit.hpp"
#include "agent/engine/engine.hpp"
#include "agent/engine/join_request.hpp"
#include "agent/host/files.hpp"
#include "agent/host/process.hpp"
#include "agent/host/service_control.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {
namespace {

constexpr auto start_limit = std::chrono::seconds(120);
constexpr auto stop_limit = std::chrono::seconds(60);
// A service is said to have stopped a moment before its process lets go of the program.
constexpr auto leaving_limit = std::chrono::seconds(15);
constexpr std::size_t longest_code = 4'096;
constexpr std::size_t small_file = 1'048'576;
constexpr const char* previous_program = "imconnector.previous.exe";

// The configuration that the service has, else the default one; where that is broken, the defaults still say where data is.
struct Installed {
    explicit Installed(const Context& context)
        : config_file(!context.config_file.empty()           ? context.config_file
                      : !host::service_config_file().empty() ? host::service_config_file()
                                                             : host::default_config_file()),
          loaded(config::load(config_file)),
          places(loaded.problems.empty() ? loaded.config : config::Config()),
          program(path_of(host::program_path()).parent_path() / "imconnector.exe"),
          kept(path_of(places.directory) / "previous"),
          state(kept / "state.json") {}
    std::string config_file;
    config::Loaded loaded;
    engine::Places places;
    std::filesystem::path program, kept, state;
};

// Lines of what was done, in the file and for whoever calls a step by hand.
class Journal {
public:
    Journal(const Context& context, const engine::Places& places, const std::string& step) : out_(context.err) {
        std::error_code error;
        if (!host::make_private_directory(places.directory)) return;
        std::filesystem::create_directories(path_of(places.logs), error);
        file_.open(path_of(places.logs) / "installer.log", std::ios::app | std::ios::binary);
        prefix_ = monitor::rfc3339(context.now()) + " " + step + ": ";
    }
    void tell(const std::string& line) {
        out_ << line << "\n";
        file_ << prefix_ << line << "\n";
        file_.flush();
    }

private:
    std::ostream& out_;
    std::ofstream file_;
    std::string prefix_;
};

std::vector<std::string> elements(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(';', at), text.size());
        std::string element = text.substr(at, end - at);
        while (!element.empty() && element.back() == ' ') element.pop_back();
        element.erase(0, element.find_first_not_of(' '));
        if (!element.empty()) out.push_back(element);
        at = end + 1;
    }
    return out;
}

std::optional<std::uint16_t> port_of(const std::string& text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

config::Wishes wishes_of(const InstallerOptions& options, std::vector<std::string>& refused) {
    config::Wishes wishes;
    wishes.port = port_of(options.port);
    if (!wishes.port && !options.port.empty()) refused.push_back("port " + options.port + " is left out: not a number from 1 to 65535");
    wishes.folders = elements(options.folders);
    wishes.discovery_roots = elements(options.discovery_roots);
    return wishes;
}

// Writes the configuration: the documented one where there is none yet. False: it could not be written.
bool settle_configuration(const Installed& at, const InstallerOptions& options, Journal& journal) {
    std::vector<std::string> refused;
    const auto wishes = wishes_of(options, refused);
    const auto present = host::read_file(at.config_file, small_file);
    const std::string before = present ? *present : std::string();
    const bool broken = present && !at.loaded.problems.empty();
    config::Edited after{present ? before : config::documented(), {}};
    if (!broken) {
        after = config::edited(after.text, wishes);
    } else if (wishes.any()) {
        after.problems.push_back("nothing was changed in " + at.config_file +
                                 ", which has a mistake: " + at.loaded.problems.front().text());
    }
    refused.insert(refused.end(), after.problems.begin(), after.problems.end());
    std::string lines;
    for (const auto& line : refused) {
        journal.tell(line);
        lines += line + "\n";
    }
    const auto noted = lines.empty() ? host::remove_file(at.places.rejected) : host::write_file(at.places.rejected, lines, false);
    if (!noted) journal.tell("cannot write " + at.places.rejected + ": " + noted.error().message());
    if (present && after.text == before) return true;
    if (const auto written = host::write_file(at.config_file, after.text, false); !written) {
        journal.tell("cannot write " + at.config_file + ": " + written.error().message());
        return false;
    }
    journal.tell("wrote " + at.config_file);
    return true;
}

bool service_runs() {
    const auto state = host::service_state();
    return state && (state->state == "running" || state->state == "start_pending");
}

nlohmann::json kept_state(const Installed& at) {
    const auto text = host::read_file(text_of(at.state), small_file);
    auto state = text ? nlohmann::json::parse(*text, nullptr, false) : nlohmann::json();
    return state.is_object() ? state : nlohmann::json::object();
}

}  // namespace

int installer_keep(const Context& context) {
    const Installed at(context);
    Journal journal(context, at.places, "keep");
    remove_tree(at.kept);
    const bool ran = service_runs();
    if (ran) {
        const auto problem = host::stop_service(stop_limit);
        journal.tell(problem.empty() ? "the service has stopped" : problem);
    }
    const auto program = at.program.parent_path() / previous_program;
    if (auto problem = copy_over(at.program, program); !problem.empty()) return context.complain(problem);
    for (const auto& problem : copy_data(at.places, at.config_file, at.kept)) journal.tell(problem);
    const nlohmann::json state = {{"ran", ran}};
    const auto written = host::write_file(text_of(at.state), state.dump() + "\n", false);
    if (!written) return context.complain("cannot write " + text_of(at.state) + ": " + written.error().message());
    journal.tell("kept program and data");
    return exit_ok;
}

int installer_configure(const Context& context, const InstallerOptions& options) {
    const Installed at(context);
    Journal journal(context, at.places, "configure");
    const bool written = settle_configuration(at, options, journal);
    Context anew = context;
    ServiceOptions service;
    service.account = options.account.empty() && options.first ? "virtual" : options.account;
    service.firewall = options.firewall == "1" ? "on" : options.firewall == "0" || (options.first && options.firewall.empty()) ? "off" : "";
    bool protects = true;
    for (const auto& step : configured(anew, service)) {
        const bool failed = step.outcome == host::SetupStep::Outcome::failed;
        if (step.outcome != host::SetupStep::Outcome::done) {
            journal.tell(step.what + (failed ? " FAILED: " : " is not known to this system: ") + step.problem);
        }
        protects &= !(failed && step.what == host::protecting_step);
    }
    return written && protects ? exit_ok : exit_failed;
}

int installer_join(const Context& context) {
    const Installed at(context);
    Journal journal(context, at.places, "join");
    const auto enrolled = engine::read_enrolment(at.places.enrolment);
    if (enrolled && *enrolled) {
        journal.tell("the join code is left out: this computer is enrolled already, as " + (*enrolled)->agent);
        return exit_ok;
    }
    shuttle::core::JoinCodeFault fault{};
    engine::JoinRequest request;
    request.code = read_hidden(context, "Join code: ", longest_code).value_or("");
    request.given = context.now();
    if (!shuttle::core::decode_join_code(request.code, fault)) {
        request.code.clear();
        request.problem = engine::fault_text(fault);
    }
    if (const auto written = engine::write_join_request(at.places.join_request, request); !written) {
        journal.tell(written.error());
        return exit_failed;
    }
    journal.tell(request.problem.empty() ? "kept the join code for the service" : "the join code is left out: " + request.problem);
    return exit_ok;
}

int installer_start(const Context& context) {
    const Installed at(context);
    Journal journal(context, at.places, "start");
    if (!kept_state(at).value("ran", true)) {
        journal.tell("the service did not run before, and is left so");
        return exit_ok;
    }
    const auto problem = host::start_service(start_limit);
    journal.tell(problem.empty() ? "the service runs" : problem);
    return problem.empty() ? exit_ok : exit_failed;
}

int installer_stop(const Context& context) {
    const Installed at(context);
    Journal journal(context, at.places, "stop");
    if (!service_runs()) return exit_ok;
    const auto problem = host::stop_service(stop_limit);
    journal.tell(problem.empty() ? "the service has stopped" : problem);
    return problem.empty() ? exit_ok : exit_failed;
}

// Runs as the kept program, after the system has undone what it could; nothing is taken for granted.
int installer_restore(const Context& context) {
    const Installed at(context);
    Journal journal(context, at.places, "restore");
    const auto state = kept_state(at);
    static_cast<void>(host::stop_service(stop_limit));
    const auto previous = at.program.parent_path() / previous_program;
    if (auto problem = replace_program(previous, at.program, leaving_limit); !problem.empty()) journal.tell(problem);
    for (const auto& problem : copy_data_back(at.places, at.config_file, at.kept)) journal.tell(problem);
    host::ServiceSetup setup;
    setup.program = text_of(at.program);
    if (at.config_file != host::default_config_file()) setup.config = at.config_file;
    setup.data_directory = at.places.directory;
    if (const auto known = host::service_state(); known && !known->installed) {
        setup.account = "virtual";
        if (auto problem = host::install_service(setup); !problem.empty()) journal.tell(problem);
    }
    static_cast<void>(host::configure_service(setup));
    const bool ran = state.value("ran", true);
    const auto problem = ran ? host::start_service(start_limit) : std::string();
    journal.tell(problem.empty() ? "the version before is back" : "the version before is back, but does not run: " + problem);
    remove_tree(at.kept);
    return problem.empty() ? exit_ok : exit_failed;
}

int installer_forget(const Context& context) {
    const Installed at(context);
    remove_tree(at.kept);
    remove_tree(at.program.parent_path() / previous_program);
    return exit_ok;
}

int installer_remove(const Context& context, bool purge) {
    const Installed at(context);
    static_cast<void>(host::stop_service(stop_limit));
    host::remove_service_traces();
    remove_tree(at.program.parent_path() / previous_program);
    remove_tree(at.kept);
    if (!purge) return exit_ok;
    const auto left = remove_data(at.places, at.config_file);
    for (const auto& path : left) context.complain("cannot remove " + path);
    return left.empty() ? exit_ok : exit_failed;
}

}  // namespace imc::cli
