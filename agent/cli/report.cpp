#include "agent/cli/fields.hpp"
#include "agent/cli/report_page.hpp"
#include "agent/cli/running_agent.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/monitor/words.hpp"

#include <ostream>

namespace imc::cli {
namespace {

using nlohmann::json;

// The newest day of which anything is known; empty: none.
std::string newest_day(const json& days) {
    const auto& items = list_at(days, "items");
    return items.empty() ? std::string() : text_at(items.front(), "date");
}

}  // namespace

int report(const Context& context, const ReportOptions& options) {
    auto client = running_agent(context);
    if (!client) return exit_failed;
    std::string date = options.date;
    if (date.empty()) {
        const auto days = client->get("/v1/reports?limit=1");
        if (!days) return context.complain(days.error().says);
        date = newest_day(*days);
        if (date.empty()) return context.complain("nothing has happened yet that could be reported");
    }
    const auto report = client->get("/v1/reports/" + encoded(date));
    if (!report) return context.complain(report.error().says);
    if (options.form == ReportForm::json) {
        context.print(*report);
    } else if (options.form == ReportForm::html) {
        const auto config = configuration(context);
        const auto agent = client->get("/v1/agent");
        if (!agent) return context.complain(agent.error().says);
        context.out << report_html(*report, *agent, config ? config->brand : config::Brand());
    } else {
        context.out << report_page(*report, context.style());
    }
    context.out << std::flush;
    return exit_ok;
}

int list_logs(const Context& context, bool as_json) {
    auto client = running_agent(context);
    if (!client) return exit_failed;
    const auto logs = client->all("/v1/logs");
    if (!logs) return context.complain(logs.error().says);
    if (as_json) {
        context.print(*logs);
        return exit_ok;
    }
    context.out << logs_page(*logs, context.style()) << std::flush;
    if (list_at(*logs, "items").empty()) {
        context.err << "ImageManager has no logs here, or imagemanager.logs in the configuration names another place.\n";
    }
    return exit_ok;
}

int show_log(const Context& context, const std::string& id, std::int64_t lines, bool as_json) {
    auto client = running_agent(context);
    if (!client) return exit_failed;
    const auto page = client->get("/v1/logs/" + encoded(id) + "?last=true&limit=" + std::to_string(lines));
    if (!page) return context.complain(page.error().says);
    if (as_json) {
        context.print(*page);
        return exit_ok;
    }
    for (const auto& line : list_at(*page, "items")) context.out << text_at(line, "text") << "\n";
    context.out << std::flush;
    return exit_ok;
}

}  // namespace imc::cli
