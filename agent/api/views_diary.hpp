// Days, their counts and ImageManager's logs as JSON, in the shapes of openapi.json. What it is not: a decision. Pure functions.
#pragma once

#include "agent/api/diary.hpp"
#include "agent/api/index.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace imc::api {

[[nodiscard]] std::string date_text(spchain::DayNumber day);                                 // "2026-11-21"
[[nodiscard]] std::optional<spchain::DayNumber> parse_date(std::string_view text) noexcept;  // four-digit years
// What happened, of counts of one folder or of all.
[[nodiscard]] nlohmann::json activity_json(std::span<const store::ActivityCount> counts);
[[nodiscard]] nlohmann::json report_json(const DayReport& report, const Index& index);
[[nodiscard]] nlohmann::json log_json(const LogFile& log);
[[nodiscard]] nlohmann::json log_page_json(const LogFile& log, const LogPage& page);

}  // namespace imc::api
