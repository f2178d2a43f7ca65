#include "agent/config/bytes.hpp"
#include "agent/config/check.hpp"

#include <algorithm>

namespace imc::config {
namespace {

constexpr std::size_t width = 110;

constexpr std::string_view opening =
    "ImageManager Connector: the agent's configuration. Every key is here with its default; a key that is left out has it too. "
    "A file with an unknown key, a wrong type or an impossible value is refused as a whole, and a running agent keeps the "
    "configuration that it has. `imconnector check-config` tests a file; SIGHUP or `imconnector service configure` loads it.";
constexpr std::string_view opening_notes =
    "Sizes are whole numbers of bytes or texts such as \"500 GB\" and \"2 TiB\". Windows paths are best written between single "
    "quotes: 'D:\\Backups'. Passwords and tokens have no place here.";

// As comment lines of at most `width` columns.
std::string comment(std::string_view text) {
    std::string out;
    std::string line = "#";
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (line.size() > 1 && line.size() + 1 + end > width) {
            out += line + "\n";
            line = "#";
        }
        line += " " + std::string(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out + line + "\n";
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string size(const Key& key, std::int64_t bytes) {
    const std::string text = key.bytes ? exact_bytes(bytes) : std::to_string(bytes);
    return text.find(' ') == std::string::npos ? text : quoted(text);
}

// The default of a key as TOML writes it.
struct Written {
    const Key& key;
    std::string operator()(const bool* value) const { return *value ? "true" : "false"; }
    std::string operator()(const std::int64_t* value) const { return size(key, *value); }
    std::string operator()(const std::uint64_t* value) const { return size(key, static_cast<std::int64_t>(*value)); }
    std::string operator()(const std::optional<std::uint64_t>* value) const {
        return *value ? size(key, static_cast<std::int64_t>(**value)) : std::string();
    }
    std::string operator()(const std::string* value) const { return quoted(*value); }
    std::string operator()(const std::vector<std::string>* value) const {
        std::string out = "[";
        for (const std::string& item : *value) out += (out.size() > 1 ? ", " : "") + quoted(item);
        return out + "]";
    }
};

// "10 to 86400 seconds.", or nothing where the sentence says all there is to say.
std::string range(const Key& key, const Field& field) {
    const bool number = std::holds_alternative<std::int64_t*>(field) || std::holds_alternative<std::uint64_t*>(field) ||
                        std::holds_alternative<std::optional<std::uint64_t>*>(field);
    return number || !key.words.empty() ? " " + allowed(key) + "." : std::string();
}

std::string header(const Table& table) {
    const std::string name(table.name);
    return table.repeated ? "[[" + name + "]]" : "[" + name + "]";
}

std::string section(const Table& table) {
    Config defaults;
    void* object = table.object(defaults);
    const std::string off = table.repeated ? "# " : "";
    std::string out = "\n" + comment(table.sentence) + off + header(table) + "\n";
    for (const Key& key : table.keys) {
        const Field field = key.field(object);
        out +=
            (table.repeated ? "#\n" : "\n") + comment(std::string(key.sentence) + range(key, field) + (key.required ? " Required." : ""));
        const std::string value = table.repeated ? std::string(key.example) : std::visit(Written{key}, field);
        out += off + std::string(key.name) + " = " + value + "\n";
    }
    return out;
}

}  // namespace

std::string documented() {
    std::string out = comment(opening) + "#\n" + comment(opening_notes);
    for (const Table& table : tables()) out += "\n" + section(table);
    return out;
}

}  // namespace imc::config
