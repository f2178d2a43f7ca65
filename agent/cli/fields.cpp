#include "agent/cli/fields.hpp"

#include "agent/cli/text.hpp"
#include "agent/monitor/words.hpp"

namespace imc::cli {

using nlohmann::json;

namespace {

const json& value_at(const json& object, const char* key) {
    static const json null;
    if (!object.is_object()) return null;
    const auto found = object.find(key);
    return found == object.end() ? null : *found;
}

}  // namespace

std::string text_at(const json& object, const char* key) {
    const json& value = value_at(object, key);
    return value.is_string() ? visible(value.get_ref<const std::string&>()) : std::string();
}

std::optional<std::int64_t> number_at(const json& object, const char* key) {
    const json& value = value_at(object, key);
    return value.is_number() ? std::optional(value.get<std::int64_t>()) : std::nullopt;
}

std::uint64_t count_at(const json& object, const char* key) {
    const json& value = value_at(object, key);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
}

std::int64_t time_at(const json& object, const char* key) {
    const json& value = value_at(object, key);
    return value.is_string() ? monitor::parse_rfc3339(value.get_ref<const std::string&>()).value_or(0) : 0;
}

bool flag_at(const json& object, const char* key) {
    const json& value = value_at(object, key);
    return value.is_boolean() && value.get<bool>();
}

const json& list_at(const json& object, const char* key) {
    static const json empty = json::array();
    const json& value = value_at(object, key);
    return value.is_structured() ? value : empty;
}

std::string document_text(const json& document) {
    return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace imc::cli
