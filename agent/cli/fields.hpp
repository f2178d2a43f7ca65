// Values of JSON objects as the API gives them, for pages: what is absent, null or of another type is empty. Texts are
// made harmless for a terminal. What it is not: a check of the shape; the API's tests do that.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace imc::cli {

[[nodiscard]] std::string text_at(const nlohmann::json& object, const char* key);
[[nodiscard]] std::optional<std::int64_t> number_at(const nlohmann::json& object, const char* key);
[[nodiscard]] std::uint64_t count_at(const nlohmann::json& object, const char* key);  // 0 where there is none
[[nodiscard]] std::int64_t time_at(const nlohmann::json& object, const char* key);    // Unix seconds; 0 where there is none
[[nodiscard]] bool flag_at(const nlohmann::json& object, const char* key);
// The object or array at `key`; an empty array where there is none. Lives as long as `object`.
[[nodiscard]] const nlohmann::json& list_at(const nlohmann::json& object, const char* key);

// One JSON document for standard output. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string document_text(const nlohmann::json& document);

}  // namespace imc::cli
