#include "agent/cli/verbs.hpp"
#include "agent/engine/engine.hpp"
#include "agent/host/service.hpp"

#include <iomanip>
#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {

// Without a configuration there is nothing to watch, and an agent that watches nothing would look well: engine::run
// refuses a file that is not there.
int run_agent(const Context& context, bool service) {
    const auto file = config_path(context);
    if (service) {
        const auto code = host::run_as_service([&](host::Overseer& manager) { return engine::run(file, manager); });
        return code ? *code : context.complain("run --service is for the service control manager; people use: imconnector service start");
    }
    const auto overseer = host::overseer_of_process();
    return engine::run(file, *overseer);
}

int scan_once(const Context& context, bool json) {
    const auto config = configuration(context);
    if (!config) return exit_failed;
    const auto report = engine::scan_once(*config);
    if (!report) return context.complain(report.error());
    if (json) {
        context.print({{"folders", report->folders}, {"images", report->images}, {"seconds", report->seconds}});
    } else {
        context.out << report->folders << " folders, " << report->images << " images, " << std::fixed << std::setprecision(2)
                    << report->seconds << " s\n";
    }
    return exit_ok;
}

}  // namespace imc::cli
