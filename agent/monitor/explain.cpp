#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>

namespace imc::monitor {
namespace {

constexpr std::string_view head =
    "# Troubleshooting\n\n"
    "Every finding that the agent can tell, what usually leads to it, what it means and what to do.\n"
    "`imconnector explain CODE` prints one of these entries. This page is generated from the agent's catalogue\n"
    "(`agent/monitor/catalogue.cpp`); a test keeps the two equal.\n\n"
    "*Severity*: **critical** means that something cannot be restored or is about to be lost, **warning** that somebody\n"
    "should look, **info** that it is good to know. A finding may be raised or lowered by its circumstances.\n"
    "*Who acts*: **msp** the service provider, **client** the owner of the machines, **vendor** the maker of the backup software.\n";

std::string facts(const CatalogueEntry& entry) {
    return std::string(entry.severity) + ", " + std::string(entry.domain) + ", who acts: " + std::string(entry.who) +
           (entry.self_heals ? ", heals itself" : "");
}

}  // namespace

std::string explain(const CatalogueEntry& entry, std::size_t width) {
    const std::size_t columns = std::max<std::size_t>(width, 40);
    const auto part = [columns](std::string_view name, std::string_view text) {
        return "\n" + std::string(name) + "\n" + wrapped(text, columns, 2);
    };
    return std::string(entry.code) + ": " + std::string(entry.title) + "\n" + wrapped(facts(entry), columns, 0) +
           part("Cause", entry.cause) + part("Consequence", entry.consequence) + part("Remedy", entry.remedy);
}

std::string troubleshooting_markdown() {
    std::string out(head);
    out += "\n| code | severity | |\n|---|---|---|\n";
    for (const CatalogueEntry& entry : catalogue()) {
        const std::string code(entry.code);
        out += "| [" + code + "](#" + code + ") | " + std::string(entry.severity) + " | " + std::string(entry.title) + " |\n";
    }
    for (const CatalogueEntry& entry : catalogue()) {
        out += "\n## " + std::string(entry.code) + "\n\n**" + std::string(entry.title) + "** (" + facts(entry) + ")\n\n";
        out += wrapped("- Cause: " + std::string(entry.cause), 110, 0);
        out += wrapped("- Consequence: " + std::string(entry.consequence), 110, 0);
        out += wrapped("- Remedy: " + std::string(entry.remedy), 110, 0);
    }
    return out;
}

}  // namespace imc::monitor
