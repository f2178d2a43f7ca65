#include "agent/monitor/catalogue.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace imc::monitor {
namespace {

// Names of files may hold what would move a terminal's cursor; the evidence keeps them as they are.
std::string one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return text;
}

}  // namespace

store::FindingRecord make_finding(std::string_view code, std::string key, std::string says, std::string remedy,
                                  const nlohmann::json& evidence, std::string folder_id, std::string volume_id,
                                  std::optional<std::string_view> severity) {
    const CatalogueEntry* entry = find(code);
    if (!entry) throw std::logic_error("no finding has the code " + std::string(code));
    store::FindingRecord finding;
    finding.key = std::move(key);
    finding.code = std::string(entry->code);
    finding.severity = std::string(severity.value_or(entry->severity));
    finding.domain = std::string(entry->domain);
    finding.who = std::string(entry->who);
    finding.self_heals = entry->self_heals;
    finding.says = one_line(std::move(says));
    finding.remedy = remedy.empty() ? std::string(entry->remedy) : one_line(std::move(remedy));
    // names of files may hold bytes that are not UTF-8
    finding.evidence = evidence.is_object() ? evidence.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) : "{}";
    finding.folder_id = std::move(folder_id);
    finding.volume_id = std::move(volume_id);
    return finding;
}

}  // namespace imc::monitor
