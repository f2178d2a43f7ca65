#include "agent/config/read.hpp"

#include "agent/config/bytes.hpp"
#include "agent/config/check.hpp"
#include "agent/config/nesting.hpp"

// Only this source includes toml++, so these settings are the same everywhere. Without exceptions errors are
// results; the limit of nesting keeps the recursive parser within a small stack.
#define TOML_EXCEPTIONS 0
#define TOML_MAX_NESTED_VALUES 16
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace imc::config {
namespace {

constexpr std::size_t most_problems = 200;
constexpr std::size_t most_elements = 10'000;  // of a repeated table

std::string kind_of(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "a text";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number with decimals";
        case toml::node_type::boolean:
            return "true or false";
        default:
            return "a date or time";
    }
}

int line_of(const toml::source_region& source) {
    return static_cast<int>(source.begin.line);
}

// The text of line `number`, to see what a syntax error is about.
std::string_view line_text(std::string_view text, int number) {
    for (; number > 1; --number) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

std::string quoted(std::string_view text) {
    return "\"" + std::string(text.substr(0, 60)) + "\"";
}

class Reader {
public:
    explicit Reader(Loaded& loaded) : loaded_(loaded) {}

    void root(const toml::table& toml) {
        subtables(toml, "");
        const auto more = contradictions(loaded_.config, lines_, style_);
        for (const Problem& problem : more) {
            // a key that is wrong in itself needs no second complaint
            if (problem.line == 0 || !told(problem.line)) tell(problem.line, without_index(problem.key), problem.says);
        }
    }

    void tell(int line, std::string key, std::string says) {
        if (loaded_.problems.size() > most_problems) return;
        if (loaded_.problems.size() == most_problems) says = "and more; the rest is not shown", key.clear();
        loaded_.problems.push_back({{}, line, std::move(key), std::move(says)});
    }

private:
    [[nodiscard]] bool told(int line) const {
        for (const Problem& problem : loaded_.problems) {
            if (problem.line == line) return true;
        }
        return false;
    }

    static std::string without_index(std::string key) {
        const std::size_t open = key.find('[');
        if (open != std::string::npos) key.erase(open, key.find(']', open) - open + 1);
        return key;
    }

    // Entries of a table that has sub-tables only, such as the file itself.
    void subtables(const toml::table& toml, const std::string& prefix) {
        for (const auto& [key, value] : toml) {
            const std::string name = prefix + std::string(key.str());
            if (const Table* table = find_table(name)) {
                this->table(*table, name, value);
            } else {
                unknown(nullptr, name, key);
            }
        }
    }

    void table(const Table& table, const std::string& name, const toml::node& value) {
        if (table.repeated) return repeated(table, name, value);
        const toml::table* content = value.as_table();
        if (!content) return tell(line_of(value.source()), name, "must be a table, written [" + name + "], not " + kind_of(value));
        entries(table, *content, table.object(loaded_.config), name);
    }

    void repeated(const Table& table, const std::string& name, const toml::node& value) {
        const std::string right = "is written [[" + name + "]], once for each";
        const toml::array* list = value.as_array();
        if (!list) return tell(line_of(value.source()), name, right + "; here it is " + kind_of(value));
        if (list->size() > most_elements)
            return tell(line_of(value.source()), name, "has more than " + std::to_string(most_elements) + " entries");
        std::size_t index = 0;
        for (const toml::node& element : *list) {
            // made for a wrong one too, so that indices and elements stay together
            void* object = table.object(loaded_.config);
            const std::string position = name + "[" + std::to_string(index++) + "]";
            const toml::table* content = element.as_table();
            if (!content) {
                tell(line_of(element.source()), name, right + "; here it holds " + kind_of(element));
                continue;
            }
            entries(table, *content, object, position);
            for (const Key& key : table.keys) {
                if (key.required && !content->contains(key.name)) {
                    tell(line_of(element.source()), name + "." + std::string(key.name), "is missing from this [[" + name + "]]");
                }
            }
        }
    }

    void entries(const Table& table, const toml::table& content, void* object, const std::string& position) {
        for (const auto& [name, value] : content) {
            const std::string path = std::string(table.name) + "." + std::string(name.str());
            const Key* known = nullptr;
            for (const Key& key : table.keys) {
                if (key.name == name.str()) known = &key;
            }
            if (known) {
                lines_[position + "." + std::string(name.str())] = line_of(name.source());
                std::visit([&](auto* field) { this->value(*known, path, value, *field); }, known->field(object));
            } else if (const Table* below = find_table(path)) {
                this->table(*below, path, value);
            } else {
                unknown(&table, path, name);
            }
        }
    }

    void unknown(const Table* table, const std::string& path, const toml::key& name) {
        std::vector<std::string_view> near;
        std::string elsewhere;
        for (const Table& other : tables()) {
            const bool direct = table ? &other == table : other.name.find('.') == std::string_view::npos;
            if (!table && direct) near.push_back(other.name);
            for (const Key& key : other.keys) {
                if (table && direct) near.push_back(key.name);
                if (key.name == name.str() && !other.repeated) elsewhere = std::string(other.name);
            }
        }
        std::string says = table ? "is no key of this configuration" : "is no table of this configuration";
        const std::string_view meant = nearest(name.str(), near);
        if (!elsewhere.empty()) {
            says += "; " + std::string(name.str()) + " belongs under [" + elsewhere + "]";
        } else if (!meant.empty()) {
            says += "; did you mean " + quoted(meant) + "?";
        }
        tell(line_of(name.source()), path.substr(0, 200), says);
    }

    void value(const Key&, const std::string& path, const toml::node& node, bool& out) {
        const auto value = node.value_exact<bool>();
        if (!value) return tell(line_of(node.source()), path, "must be true or false, not " + kind_of(node));
        out = *value;
    }

    bool number(const Key& key, const std::string& path, const toml::node& node, std::int64_t& out) {
        std::optional<std::int64_t> value = node.value_exact<std::int64_t>();
        const auto text = node.value_exact<std::string_view>();
        if (key.bytes && text) {
            value = parse_bytes(*text);
            if (!value) {
                tell(line_of(node.source()), path,
                     quoted(*text) + " is no size; right would be a number of bytes or such as \"500 GB\" or \"2 TiB\"");
                return false;
            }
        }
        if (!value) {
            tell(line_of(node.source()), path,
                 std::string(key.bytes ? "must be a whole number of bytes or a size such as \"500 GB\"" : "must be a whole number") +
                     ", not " + kind_of(node) + "; allowed are " + allowed(key));
            return false;
        }
        const std::string wrong = refuse_number(key, *value);
        if (!wrong.empty()) {
            tell(line_of(node.source()), path, wrong);
            return false;
        }
        out = *value;
        return true;
    }

    void value(const Key& key, const std::string& path, const toml::node& node, std::int64_t& out) { number(key, path, node, out); }

    void value(const Key& key, const std::string& path, const toml::node& node, std::uint64_t& out) {
        std::int64_t value = 0;
        if (number(key, path, node, value)) out = static_cast<std::uint64_t>(value);
    }

    void value(const Key& key, const std::string& path, const toml::node& node, std::optional<std::uint64_t>& out) {
        std::int64_t value = 0;
        if (number(key, path, node, value)) out = static_cast<std::uint64_t>(value);
    }

    bool text(const Key& key, const std::string& path, const toml::node& node, std::string& out) {
        const auto value = node.value_exact<std::string_view>();
        const std::string wrong = value ? refuse_text(key, *value, style_) : "must be a text in quotes, not " + kind_of(node);
        if (!wrong.empty()) tell(line_of(node.source()), path, wrong);
        if (wrong.empty()) out = std::string(*value);
        return wrong.empty();
    }

    void value(const Key& key, const std::string& path, const toml::node& node, std::string& out) { text(key, path, node, out); }

    void value(const Key& key, const std::string& path, const toml::node& node, std::vector<std::string>& out) {
        const toml::array* list = node.as_array();
        if (!list) return tell(line_of(node.source()), path, "must be a list such as [\"one\", \"two\"], not " + kind_of(node));
        const auto size = static_cast<std::int64_t>(list->size());
        if (size < key.low || size > key.high) {
            return tell(
                line_of(node.source()), path,
                "has " + std::to_string(size) + " entries; allowed are " + std::to_string(key.low) + " to " + std::to_string(key.high));
        }
        out.clear();
        for (const toml::node& element : *list) {
            std::string item;
            if (text(key, path, element, item)) out.push_back(std::move(item));
        }
    }

    Loaded& loaded_;
    std::map<std::string, int> lines_;
    PathStyle style_ = native_path_style();
};

}  // namespace

Loaded read_toml(std::string_view text) {
    Loaded loaded;
    Reader reader(loaded);
    if (const int line = too_deep_line(text); line > 0) {
        reader.tell(line, {}, "has a key with more than " + std::to_string(deepest) + " parts, and none of this configuration has");
        return loaded;
    }
    const toml::parse_result result = toml::parse(text);
    if (!result) {
        const int line = line_of(result.error().source());
        std::string says = "is not TOML: " + std::string(result.error().description());
        const std::string_view about = line_text(text, line);
        if (about.find('"') != std::string_view::npos && about.find('\\') != std::string_view::npos) {
            says += R"( (between double quotes '\' begins an escape: write paths in single quotes, 'D:\Backups'))";
        }
        reader.tell(line, {}, says);
        return loaded;
    }
    reader.root(result.table());
    return loaded;
}

}  // namespace imc::config
