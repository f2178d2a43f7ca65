// Letters and blanks of ASCII, the same in every locale: names, words of protocols and keys are compared by them. What it
// is not: Unicode; all other bytes are themselves.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace spchain::ascii {

[[nodiscard]] constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] inline std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
    return out;
}

// Whatever the case of their letters.
[[nodiscard]] constexpr bool same(char a, char b) noexcept {
    return lower(a) == lower(b);
}
[[nodiscard]] constexpr bool same(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

// Without the `blanks` at both ends.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") noexcept {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace spchain::ascii
