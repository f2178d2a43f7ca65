// ImageManager's records as people read them, and as the document of `records --json`. What it is not: reading. Pure.
#pragma once

#include "agent/cli/text.hpp"
#include "agent/imagemanager/records.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace imc::cli {

// Tables of folders and targets, with what is left behind told as such. Ages are against `now` (Unix seconds).
[[nodiscard]] std::string records_page(const imagemanager::Records& records, std::int64_t now, Style style);
// What the database lacks is null.
[[nodiscard]] nlohmann::json records_document(const imagemanager::Records& records, const std::string& database, std::int64_t read_at);

}  // namespace imc::cli
