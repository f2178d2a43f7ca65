#include "agent/cli/verbs.hpp"
#include "agent/config/check.hpp"
#include "agent/monitor/catalogue.hpp"

#include <ostream>

namespace imc::cli {

int explain(const Context& context, const std::string& code) {
    if (const auto* entry = monitor::find(code)) {
        context.out << monitor::explain(*entry, context.terminal.width);
        return exit_ok;
    }
    std::vector<std::string_view> codes;
    for (const auto& entry : monitor::catalogue()) codes.push_back(entry.code);
    const auto closest = config::nearest(code, codes);
    return context.complain("no finding has the code \"" + code + "\"" +
                            (closest.empty() ? "; imconnector explain --all lists them" : "; do you mean " + std::string(closest) + "?"));
}

int explain_all(const Context& context, bool markdown) {
    if (markdown) {
        context.out << monitor::troubleshooting_markdown();
        return exit_ok;
    }
    bool first = true;
    for (const auto& entry : monitor::catalogue()) {
        context.out << (first ? "" : "\n") << monitor::explain(entry, context.terminal.width);
        first = false;
    }
    return exit_ok;
}

}  // namespace imc::cli
