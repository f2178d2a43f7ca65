#include "agent/config/check.hpp"

#include <nlohmann/json.hpp>

namespace imc::config {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* size_pattern = R"(^[0-9]+(\.[0-9]{1,3})? *([KkMmGgTtPp][Ii]?)?[Bb]?$)";
constexpr const char* listen_pattern = R"(^([0-9.]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$)";
constexpr const char* cidr_pattern = R"(^[0-9A-Fa-f:.]+/[0-9]{1,3}$)";

Json text_schema(const Key& key) {
    Json schema = {{"type", "string"}};
    if (!key.empty) schema["minLength"] = 1;
    switch (key.form) {
        case Form::word:
            schema["enum"] = words_of(key.words);
            break;
        case Form::listen:
            schema["pattern"] = listen_pattern;
            break;
        case Form::cidr:
            schema["pattern"] = cidr_pattern;
            break;
        case Form::color:
            schema["pattern"] = "^(#[0-9A-Fa-f]{6})?$";
            break;
        case Form::absolute_path:
            schema["pattern"] = key.empty ? R"(^(/|[A-Za-z]:[/\\]|\\\\|$))" : R"(^(/|[A-Za-z]:[/\\]|\\\\))";
            break;
        case Form::window:
            schema["pattern"] = "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$";
            break;
        case Form::line:
        case Form::host_name:
        case Form::glob:
        case Form::path_template:
            break;
    }
    return schema;
}

Json number_schema(const Key& key) {
    Json number = {{"type", "integer"}, {"minimum", key.low}, {"maximum", key.high}};
    if (!key.bytes) return number;
    return {{"anyOf", Json::array({number, {{"type", "string"}, {"pattern", size_pattern}}})}};
}

struct KeySchema {
    const Key& key;
    bool with_default;

    Json operator()(const bool* value) const { return defaulted({{"type", "boolean"}}, *value); }
    Json operator()(const std::int64_t* value) const { return defaulted(number_schema(key), *value); }
    Json operator()(const std::uint64_t*) const { return number_schema(key); }
    Json operator()(const std::optional<std::uint64_t>*) const { return number_schema(key); }
    Json operator()(const std::string* value) const { return defaulted(text_schema(key), *value); }
    Json operator()(const std::vector<std::string>* value) const {
        Json list = {{"type", "array"}, {"items", text_schema(key)}, {"minItems", key.low}, {"maxItems", key.high}};
        return defaulted(list, *value);
    }

    template <class T>
    Json defaulted(Json schema, const T& value) const {
        if (with_default) schema["default"] = value;
        return schema;
    }
};

Json table_schema(const Table& table) {
    Config defaults;
    void* object = table.object(defaults);
    Json properties = Json::object();
    Json required = Json::array();
    for (const Key& key : table.keys) {
        Json schema = std::visit(KeySchema{key, !key.required}, key.field(object));
        std::string description(key.sentence);
        if (!key.unit.empty()) description += " Unit: " + std::string(key.unit) + ".";
        schema["description"] = description;
        properties[std::string(key.name)] = schema;
        if (key.required) required.push_back(key.name);
    }
    Json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
    if (!required.empty()) schema["required"] = required;
    if (table.repeated) schema = {{"type", "array"}, {"items", schema}};
    schema["description"] = table.sentence;
    return schema;
}

}  // namespace

std::string schema() {
    Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "Configuration of ImageManager Connector's agent"},
                 {"type", "object"},
                 {"additionalProperties", false},
                 {"properties", Json::object()}};
    for (const Table& table : tables()) {
        const std::string name(table.name);
        const std::size_t dot = name.find('.');
        Json& properties = dot == std::string::npos ? root["properties"] : root["properties"][name.substr(0, dot)]["properties"];
        properties[name.substr(dot == std::string::npos ? 0 : dot + 1)] = table_schema(table);
    }
    return root.dump(2) + "\n";
}

}  // namespace imc::config
