#include "shuttle/relay/config.hpp"

#include "agent/host/files.hpp"
#include "shuttle/core/join_code.hpp"
#include "shuttle/relay/allow_list.hpp"
#include "shuttle/relay/config_keys.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES 16
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace shuttle::relay {
namespace {

std::string range(const Key& key) {
    const bool zero_too = key.empty && std::holds_alternative<Number>(key.field);
    return (zero_too ? "0 and " : "") + std::to_string(key.low) + " to " + std::to_string(key.high) +
           (key.unit.empty() ? "" : " " + std::string(key.unit));
}

// Empty: the text is possible for the key.
std::string refuse(const Key& key, std::string_view text) {
    if (text.empty()) return key.empty ? "" : "must not be empty";
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
    if (!plain || text.size() > 1'000) return "must be one line of at most 1000 bytes";
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
    if (key.name == "name" && (!ascii || text.size() > 100)) return "must be at most 100 letters of ASCII";
    const bool level = text == "debug" || text == "info" || text == "warning" || text == "error";
    if (key.form == Form::level && !level) return "must be \"debug\", \"info\", \"warning\" or \"error\"";
    if (key.form == Form::place && !core::parse_host_port(text)) return "must be host and port, such as \"relay.example:443\"";
    const bool domain = std::all_of(text.begin(), text.end(),
                                    [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
    const bool dots = text.starts_with('.') || text.ends_with('.') || text.find("..") != std::string_view::npos;
    if (key.form == Form::domain && (!domain || dots || text.size() > 200))
        return "must be a domain in small letters, such as \"agents.relay.example\"";
    if (key.form == Form::network && !AllowList::parse({std::string(text)}))
        return "must be a network such as \"192.0.2.0/24\" or \"2001:db8::/32\"";
    const bool free_port = text.ends_with(":0") && core::parse_host_port(std::string(text.substr(0, text.size() - 1)) + "1");
    if (key.form == Form::listen && !free_port && !core::parse_host_port(text)) return "must be address and port, such as \"0.0.0.0:443\"";
    return {};
}

class Reader {
public:
    Reader(std::string file, Loaded& loaded) : file_(std::move(file)), loaded_(loaded) {}

    void root(const toml::table& root) {
        for (const auto& [name, node] : root) {
            const auto known = std::find_if(std::begin(tables), std::end(tables), [&](const auto& one) { return one.first == name.str(); });
            const toml::table* table = node.as_table();
            if (known == std::end(tables)) {
                tell(name.source(), name.str(), "is no table of this configuration");
            } else if (table == nullptr) {
                tell(node.source(), name.str(), "must be a table, written [" + std::string(name.str()) + "]");
            } else {
                for (const auto& [key, value] : *table) entry(name.str(), key, value);
            }
        }
        pair(loaded_.config.agents_certificate, loaded_.config.agents_certificate_key, "agents");
        pair(loaded_.config.portal_certificate, loaded_.config.portal_certificate_key, "portal");
    }

    void tell(const toml::source_region& where, std::string_view key, const std::string& says) {
        if (loaded_.problems.size() >= 100) return;
        const std::string line = where.begin.line > 0 ? ":" + std::to_string(where.begin.line) : "";
        loaded_.problems.push_back(file_ + line + ": " + std::string(key) + (key.empty() ? "" : ": ") + says);
    }

private:
    void pair(const std::string& certificate, const std::string& key, const std::string& table) {
        if (certificate.empty() != key.empty())
            tell({}, table + ".certificate", "a certificate and its key go together; set both or neither");
    }

    void entry(std::string_view table, const toml::key& name, const toml::node& node) {
        const std::string path = std::string(table) + "." + std::string(name.str());
        const auto key =
            std::find_if(std::begin(keys), std::end(keys), [&](const Key& k) { return k.table == table && k.name == name.str(); });
        if (key == std::end(keys)) return tell(name.source(), path, "is no key of this configuration");
        const std::string wrong = std::visit([&](auto member) { return take(*key, node, loaded_.config.*member); }, key->field);
        if (!wrong.empty()) tell(node.source(), path, wrong);
    }

    static std::string take(const Key& key, const toml::node& node, std::string& out) {
        const auto text = node.value_exact<std::string_view>();
        if (!text) return "must be a text in quotes";
        out = std::string(*text);
        return refuse(key, *text);
    }
    static std::string take(const Key& key, const toml::node& node, std::int64_t& out) {
        const auto number = node.value_exact<std::int64_t>();
        if (!number) return "must be a whole number; allowed are " + range(key);
        out = *number;
        if (key.empty && *number == 0) return {};
        return *number < key.low || *number > key.high ? std::to_string(*number) + " is out of range; allowed are " + range(key) : "";
    }
    static std::string take(const Key& key, const toml::node& node, std::vector<std::string>& out) {
        const toml::array* list = node.as_array();
        if (list == nullptr) return "must be a list such as [\"one\", \"two\"]";
        const auto size = static_cast<std::int64_t>(list->size());
        if (size < key.low || size > key.high) return "has " + std::to_string(size) + " entries; allowed are " + range(key);
        out.clear();
        for (const auto& element : *list) {
            std::string text;
            if (std::string wrong = take(key, element, text); !wrong.empty()) return wrong;
            out.push_back(std::move(text));
        }
        return {};
    }

    std::string file_;
    Loaded& loaded_;
};

nlohmann::ordered_json value_of(const Config& config, const Key& key) {
    return std::visit([&config](auto member) { return nlohmann::ordered_json(config.*member); }, key.field);
}

std::string sibling(std::string place, const std::string& name) {
    const auto slash = place.find_last_of("/\\");
    return place.substr(0, slash + 1) + name;
}

}  // namespace

Loaded load(const std::string& path) {
    constexpr std::size_t largest = 1'048'576;
    const auto text = imc::host::read_file(path, largest);
    if (text) return parse(*text, path);
    return {{}, {path + ": cannot be read: " + text.error().message()}};
}

Loaded parse(const std::string& text, const std::string& file) {
    Loaded loaded;
    Reader reader(file, loaded);
    const toml::parse_result result = toml::parse(text);
    if (result) {
        reader.root(result.table());
    } else {
        reader.tell(result.error().source(), {}, "is not TOML: " + std::string(result.error().description()));
    }
    return loaded;
}

std::string documented() {
    const Config defaults;
    std::string out = "# The relay's configuration. Every key is here with its default; a key that is left out has it.\n";
    for (const auto& [table, sentence] : tables) {
        out += "\n# " + std::string(sentence) + "\n[" + std::string(table) + "]\n";
        for (const Key& key : keys) {
            if (key.table != table) continue;
            out += "\n# " + std::string(key.sentence) +
                   (key.high > 0 && std::holds_alternative<Number>(key.field) ? " " + range(key) + "." : "") + "\n";
            out += std::string(key.name) + " = " + value_of(defaults, key).dump() + "\n";
        }
    }
    return out;
}

std::string schema() {
    using nlohmann::ordered_json;
    const Config defaults;
    ordered_json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "imshuttle.toml"}, {"type", "object"}};
    for (const auto& [table, sentence] : tables) {
        ordered_json properties;
        for (const Key& key : keys) {
            if (key.table != table) continue;
            ordered_json one;
            if (std::holds_alternative<Number>(key.field)) {
                one = {{"type", "integer"}, {"minimum", key.low}, {"maximum", key.high}};
                if (key.empty) one = {{"type", "integer"}, {"anyOf", {{{"const", 0}}, {{"minimum", key.low}, {"maximum", key.high}}}}};
            } else if (std::holds_alternative<List>(key.field)) {
                one = {{"type", "array"}, {"items", {{"type", "string"}}}, {"minItems", key.low}, {"maxItems", key.high}};
            } else {
                one = {{"type", "string"}};
            }
            one["default"] = value_of(defaults, key);
            one["description"] = key.sentence;
            properties[std::string(key.name)] = std::move(one);
        }
        root["properties"][std::string(table)] = {
            {"type", "object"}, {"description", sentence}, {"additionalProperties", false}, {"properties", std::move(properties)}};
    }
    root["additionalProperties"] = false;
    return root.dump(2) + "\n";
}

// Beside the agent's, by the same habits of the platform.
std::string default_config_file() {
    const std::string agent = imc::host::default_config_file();
    const auto slash = agent.find_last_of("/\\");
    return sibling(agent.substr(0, slash), "imshuttle") + agent[slash] + "imshuttle.toml";
}

std::string default_data_directory() {
    return sibling(imc::host::default_data_directory(), "imshuttle");
}

}  // namespace shuttle::relay
