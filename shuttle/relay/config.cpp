#include "shuttle/relay/config.hpp"

#include "agent/host/files.hpp"
#include "shuttle/core/join_code.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <variant>

#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES 16
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace shuttle::relay {
namespace {

using Text = std::string Config::*;
using Number = std::int64_t Config::*;
using List = std::vector<std::string> Config::*;

enum class Form { line, level, path, place, listen };

struct Key {
    std::string_view table, name;
    std::variant<Text, Number, List> field;
    std::string_view sentence;
    Form form = Form::line;
    std::string_view unit = {};
    std::int64_t low = 0, high = 0;
    bool empty = false;  // texts: may be
};

constexpr Key keys[] = {
    {"relay", "name", &Config::name,
     "What the relay is called. Join codes carry it, and enrolled agents take no other: it is not to be changed later."},
    {"relay",
     "data_directory",
     &Config::data_directory,
     "Where the registry and the keys lie. Empty: the place that the platform provides.",
     Form::path,
     {},
     0,
     0,
     true},
    {"relay", "log_level", &Config::log_level, "How much is logged: \"debug\", \"info\", \"warning\" or \"error\".", Form::level},
    {"agents", "listen", &Config::agents_listen, "Addresses and ports that agents dial; port 0 takes a free one.", Form::listen, {}, 1, 16},
    {"agents",
     "public_address",
     &Config::public_address,
     "Host and port that agents reach this port at, as join codes carry it. Empty: no join code can be made.",
     Form::place,
     {},
     0,
     0,
     true},
    {"agents",
     "certificate",
     &Config::agents_certificate,
     "PEM file with a certificate of your own and its chain. Empty: the relay makes one, which its agents know by the relay's key.",
     Form::path,
     {},
     0,
     0,
     true},
    {"agents",
     "certificate_key",
     &Config::agents_certificate_key,
     "PEM file with the key of that certificate.",
     Form::path,
     {},
     0,
     0,
     true},
    {"agents", "max_agents", &Config::max_agents, "Agents connected at once.", Form::line, "agents", 1, 1'000'000},
    {"agents", "max_per_address", &Config::max_agents_per_address, "Of these, from one address.", Form::line, "agents", 1, 1'000'000},
    {"portal",
     "listen",
     &Config::portal_listen,
     "Addresses and ports that portals connect to; port 0 takes a free one.",
     Form::listen,
     {},
     1,
     16},
    {"portal",
     "certificate",
     &Config::portal_certificate,
     "PEM file with a certificate of your own and its chain. Empty: the one that the relay makes for itself.",
     Form::path,
     {},
     0,
     0,
     true},
    {"portal",
     "certificate_key",
     &Config::portal_certificate_key,
     "PEM file with the key of that certificate.",
     Form::path,
     {},
     0,
     0,
     true},
    {"portal", "max_connections", &Config::max_portal_connections, "Connections open at once.", Form::line, "connections", 1, 1'000'000},
    {"portal", "max_per_address", &Config::max_portal_connections_per_address, "Of these, from one address.", Form::line, "connections", 1,
     1'000'000},
    {"limits", "streams_per_agent", &Config::streams_per_agent, "Connections into one agent at once.", Form::line, "streams", 1, 240},
    {"limits", "streams_per_token", &Config::streams_per_token, "Connections of one portal token at once.", Form::line, "streams", 1,
     1'000'000},
    {"limits", "handshake_seconds", &Config::handshake_seconds, "Longest time for each step of a connection's beginning.", Form::line,
     "seconds", 1, 600},
    {"limits", "idle_seconds", &Config::idle_seconds, "A connection into an agent is closed when nothing has passed for so long.",
     Form::line, "seconds", 5, 86'400},
    {"limits", "drain_seconds", &Config::drain_seconds, "How long connections may go on when the relay stops.", Form::line, "seconds", 0,
     3'600},
};

constexpr std::pair<std::string_view, std::string_view> tables[] = {
    {"relay", "The relay itself."},
    {"agents", "The port that agents dial, WebSocket over TLS."},
    {"portal", "The port that portals reach agents by: HTTP CONNECT over TLS, to AGENT-ID:443, with a token of the relay."},
    {"limits", "What nobody may pass."},
};

std::string range(const Key& key) {
    return std::to_string(key.low) + " to " + std::to_string(key.high) + (key.unit.empty() ? "" : " " + std::string(key.unit));
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
