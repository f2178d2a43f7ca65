#include "agent/config/edit.hpp"

#include "agent/config/path_style.hpp"
#include "spchain/ascii.hpp"

#include <algorithm>
#include <string_view>

namespace imc::config {
namespace {

namespace ascii = spchain::ascii;

// Between single quotes nothing is escaped, which suits Windows paths; what cannot stand there is escaped.
std::string literal(const std::string& value) {
    const bool plain = std::none_of(value.begin(), value.end(), [](char c) { return c == '\'' || static_cast<unsigned char>(c) < ' '; });
    if (plain) return "'" + value + "'";
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string list(const std::vector<std::string>& values) {
    std::string out = "[";
    for (const auto& value : values) out += (out.size() > 1 ? ", " : "") + literal(value);
    return out + "]";
}

std::size_t line_end(std::string_view text, std::size_t at) {
    return std::min(text.find('\n', at), text.size());
}

// Behind the string that begins at `at`.
std::size_t string_end(std::string_view text, std::size_t at) {
    const char quote = text[at];
    for (++at; at < text.size() && text[at] != quote; ++at) {
        if (quote == '"' && text[at] == '\\') ++at;
    }
    return std::min(at + 1, text.size());
}

// Behind the value that begins at `at`: a list may go over lines, with comments between.
std::size_t value_end(std::string_view text, std::size_t at) {
    int depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"' || c == '\'') {
            at = string_end(text, at);
        } else if (c == '#' && depth > 0) {
            at = line_end(text, at);
        } else {
            if (c == '[') ++depth;
            if (c == ']') --depth;
            if (depth == 0 && (c == '#' || c == '\n')) return at;
            ++at;
        }
        if (depth == 0 && at > 0 && (text[at - 1] == ']' || text[at - 1] == '"' || text[at - 1] == '\'')) return at;
    }
    return at;
}

// Sets `key` of the table [`table`]: in its place, else below the table's head, else in a new table at the end. What
// this misreads (a key written another way) the caller sees, because the result is read again.
std::string with_value(std::string text, std::string_view table, std::string_view key, const std::string& value) {
    const std::string head = "[" + std::string(table) + "]";
    std::size_t below = std::string::npos;
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = line_end(text, at);
        const std::string_view line = ascii::trimmed(std::string_view(text).substr(at, end - at), " \t\r");
        std::size_t next = end + 1;
        if (line.starts_with("[")) {
            inside = ascii::trimmed(line.substr(0, line.find('#')), " \t\r") == head;
            if (inside) below = std::min(end + 1, text.size());
        } else if (const auto equals = line.find('='); equals != std::string_view::npos && !line.starts_with("#")) {
            const std::size_t begin = text.find_first_not_of(" \t", text.find('=', at) + 1);
            const std::size_t behind = begin < end ? value_end(text, begin) : end;
            if (inside && ascii::trimmed(line.substr(0, equals), " \t\r") == key) return text.replace(begin, behind - begin, value);
            next = std::max(next, line_end(text, behind) + 1);
        }
        at = next;
    }
    if (!text.empty() && text.back() != '\n') text += "\n";
    const std::string line = std::string(key) + " = " + value + "\n";
    if (below == std::string::npos) return text + "\n" + head + "\n" + line;
    return text.insert(std::min(below, text.size()), line);
}

// The same addresses at another port, each once.
std::vector<std::string> at_port(const std::vector<std::string>& addresses, std::uint16_t port) {
    std::vector<std::string> out;
    for (const auto& address : addresses) {
        const auto moved = address.substr(0, address.rfind(':') + 1) + std::to_string(port);
        if (std::find(out.begin(), out.end(), moved) == out.end()) out.push_back(moved);
    }
    return out;
}

class Editor {
public:
    explicit Editor(const std::string& text) : text_(text), config_(parse(text, {}).config) {}

    void port(std::uint16_t port) {
        Config wanted = config_;
        wanted.listen = at_port(config_.listen, port);
        take("api.listen: port " + std::to_string(port), with_value(text_, "api", "listen", list(wanted.listen)), wanted);
    }
    void roots(const std::vector<std::string>& roots) {
        Config wanted = config_;
        wanted.roots = roots;
        take("discovery.roots", with_value(text_, "discovery", "roots", list(roots)), wanted);
    }
    void folder(const std::string& path) {
        const auto style = native_path_style();
        const auto same = [&](const ManagedFolder& folder) { return comparable(folder.path, style) == comparable(path, style); };
        if (std::any_of(config_.folders.begin(), config_.folders.end(), same)) return;
        Config wanted = config_;
        wanted.folders.emplace_back().path = path;
        const std::string between = text_.empty() || text_.back() == '\n' ? "\n" : "\n\n";
        take("folder " + path, text_ + between + "[[folder]]\npath = " + literal(path) + "\n", wanted);
    }
    [[nodiscard]] Edited done() && { return {std::move(text_), std::move(problems_)}; }

private:
    void take(const std::string& what, const std::string& text, const Config& wanted) {
        const auto loaded = parse(text, {});
        if (!loaded.problems.empty()) {
            problems_.push_back(what + " is left out: " + loaded.problems.front().text());
        } else if (!(loaded.config == wanted)) {
            problems_.push_back(what + " is left out: the file is written in a way that has to be changed by hand");
        } else {
            text_ = text;
            config_ = wanted;
        }
    }

    std::string text_;
    Config config_;
    std::vector<std::string> problems_;
};

}  // namespace

Edited edited(const std::string& text, const Wishes& wishes) {
    Editor editor(text);
    if (wishes.port) editor.port(*wishes.port);
    if (!wishes.discovery_roots.empty()) editor.roots(wishes.discovery_roots);
    for (const auto& folder : wishes.folders) editor.folder(folder);
    return std::move(editor).done();
}

}  // namespace imc::config
