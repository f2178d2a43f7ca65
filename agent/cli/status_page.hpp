// The status page that an operator takes in at a glance: health, folders, volumes with age bars, worst findings with
// what to do; what is not well comes first. What it is not: a source of facts; it renders the document of
// status_document.hpp. Pure.
#pragma once

#include "agent/cli/text.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace imc::cli {

struct PageOptions {
    Style style;
    bool full = false;     // everything instead of the worst
    bool ids = false;      // a column with the ids that other verbs want
    std::int64_t now = 0;  // of the reader; the agent's own clock is used where the document has it
};

// No line is wider than the style.
[[nodiscard]] std::string status_page(const nlohmann::json& document, const PageOptions& options);

// Its parts, also used by the verbs of the same names. Each begins and ends without an empty line.
[[nodiscard]] std::string folders_part(const nlohmann::json& folders, const PageOptions& options, std::size_t most);
[[nodiscard]] std::string volumes_part(const nlohmann::json& volumes, const PageOptions& options, std::size_t most);
// With `notes` those of severity info too.
[[nodiscard]] std::string findings_part(const nlohmann::json& findings, const PageOptions& options, std::size_t most, bool notes);

}  // namespace imc::cli
