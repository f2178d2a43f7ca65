#include "agent/config/precheck.hpp"

#include <algorithm>

namespace imc::config {
namespace {

// One past the end of the string that begins at `at` with a quote.
std::size_t after_string(std::string_view text, std::size_t at) noexcept {
    const char quote = text[at];
    const bool many = text.substr(at, 3) == std::string_view(quote == '"' ? "\"\"\"" : "'''");
    for (std::size_t i = at + (many ? 3 : 1); i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == '\n' && !many) {
            return i;  // not closed: the parser will say so
        } else if (text[i] == quote) {
            if (!many) return i + 1;
            const std::size_t end = std::min(text.find_first_not_of(quote, i), text.size());
            if (end - i >= 3) return i + std::min<std::size_t>(end - i, 5);
            i = end - 1;
        }
    }
    return text.size();
}

}  // namespace

int too_many_parts(std::string_view toml) noexcept {
    int parts = 1;
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
        if (c == '.' && ++parts > most_key_parts) {
            return 1 + static_cast<int>(std::count(toml.begin(), toml.begin() + static_cast<std::ptrdiff_t>(i), '\n'));
        }
        if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) parts = 1;
        ++i;
    }
    return 0;
}

}  // namespace imc::config
