// Every finding the agent can tell: code, severity, domain, who must act, whether it heals itself, and its words.
// A finding cannot be made without a remedy. `imconnector explain` and agent/TROUBLESHOOTING.md come from here.
// What it is not: the place where it is decided that something is wrong (evaluate.hpp, spchain).
#pragma once

#include "agent/store/records.hpp"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace imc::monitor {

struct CatalogueEntry {
    std::string_view code;
    std::string_view severity;  // default; a finding may be made with another where the entry says so
    std::string_view domain;
    std::string_view who;
    bool self_heals;
    std::string_view title;        // a few words
    std::string_view cause;        // what usually leads to it
    std::string_view consequence;  // what it means for a restore
    std::string_view remedy;       // what to do, a full sentence
};

[[nodiscard]] std::span<const CatalogueEntry> catalogue() noexcept;
[[nodiscard]] const CatalogueEntry* find(std::string_view code) noexcept;
[[nodiscard]] std::string explain(const CatalogueEntry& entry, std::size_t width);  // for a terminal
[[nodiscard]] std::string troubleshooting_markdown();

// Fills severity, domain, who, self_heals from the entry; `remedy` empty takes the entry's. Throws std::logic_error
// for an unknown code: that is a programming mistake.
[[nodiscard]] store::FindingRecord make_finding(std::string_view code, std::string key, std::string says, std::string remedy,
                                                const nlohmann::json& evidence, std::string folder_id, std::string volume_id,
                                                std::optional<std::string_view> severity = {});

}  // namespace imc::monitor
