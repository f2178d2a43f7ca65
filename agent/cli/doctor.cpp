#include "agent/cli/checks.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/source_checks.hpp"
#include "agent/cli/verbs.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {
namespace {

constexpr std::size_t result_width = 10;
constexpr std::size_t name_width = 16;  // "data directory"

Tone tone_of_result(const std::string& result) {
    return result == "unknown" ? Tone::warn : tone_of_severity(result);
}

}  // namespace

int exit_code_of(const std::vector<Check>& checks) {
    const auto any = [&checks](const char* result) {
        return std::any_of(checks.begin(), checks.end(), [result](const Check& check) { return check.result == result; });
    };
    return any("critical") ? exit_critical : any("unknown") ? exit_unknown : any("warning") ? exit_warning : exit_ok;
}

std::string checks_page(const std::vector<Check>& checks, Style style) {
    std::string out;
    for (const auto& check : checks) {
        const bool well = check.result == "ok";
        out += style.paint(padded(well ? check.result : upper(check.result), result_width), tone_of_result(check.result));
        const std::string name = padded(visible(check.name), name_width);
        const std::size_t indent = result_width + name_width;
        const std::string says = paragraph(visible(check.says), style, indent);
        // The first line of the sentence stands beside the name.
        out += style.paint(name, well ? Tone::plain : Tone::strong) + says.substr(std::min(indent, says.size()));
        if (!check.remedy.empty()) out += paragraph("-> " + visible(check.remedy), style, indent);
    }
    return out;
}

nlohmann::json checks_json(const std::vector<Check>& checks) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& check : checks) {
        list.push_back({{"result", check.result},
                        {"name", check.name},
                        {"says", check.says},
                        {"remedy", check.remedy.empty() ? nlohmann::json() : nlohmann::json(check.remedy)}});
    }
    return {{"checks", std::move(list)}};
}

int doctor(const Context& context, bool compatibility, bool json) {
    std::vector<Check> checks;
    if (compatibility) {
        const auto config = configuration(context);
        if (!config) return exit_unknown;
        checks = examine_compatibility(*config);
    } else {
        checks = examine(context);
    }
    if (json) {
        context.print(checks_json(checks));
    } else {
        context.out << checks_page(checks, context.style());
    }
    return exit_code_of(checks);
}

}  // namespace imc::cli
