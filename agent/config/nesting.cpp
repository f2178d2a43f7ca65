#include "agent/config/nesting.hpp"

#include <algorithm>

namespace imc::config {
namespace {

// One past the end of the string that begins at `at` with a quote.
std::size_t after_string(std::string_view text, std::size_t at) noexcept {
    const char quote = text[at];
    const bool escapes = quote == '"';
    const bool many = text.substr(at, 3) == std::string_view(quote == '"' ? "\"\"\"" : "'''");
    for (std::size_t i = at + (many ? 3 : 1); i < text.size(); ++i) {
        if (escapes && text[i] == '\\') {
            ++i;
        } else if (text[i] == '\n' && !many) {
            return i;  // not closed: the parser will say so
        } else if (text[i] == quote) {
            std::size_t end = i;
            while (end < text.size() && text[end] == quote) ++end;
            if (!many) return i + 1;
            if (end - i >= 3) return i + std::min<std::size_t>(end - i, 5);
            i = end - 1;
        }
    }
    return text.size();
}

}  // namespace

int too_deep_line(std::string_view toml) noexcept {
    int dots = 0;
    for (std::size_t i = 0; i < toml.size();) {
        const char c = toml[i];
        if (c == '"' || c == '\'') {
            i = after_string(toml, i);
            continue;
        }
        if (c == '#') {
            i = std::min(toml.find('\n', i), toml.size());
            continue;
        }
        if (c == '.' && ++dots > deepest) {
            return 1 + static_cast<int>(std::count(toml.begin(), toml.begin() + static_cast<std::ptrdiff_t>(i), '\n'));
        }
        if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots = 0;
        ++i;
    }
    return 0;
}

}  // namespace imc::config
