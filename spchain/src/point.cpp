#include "spchain/folder.hpp"

namespace spchain {
namespace {

void append_part(std::string& text, char tag, std::uint32_t number) {
    const std::string digits = std::to_string(number);
    text += tag;
    if (digits.size() < 3) text.append(3 - digits.size(), '0');
    text += digits;
}

// Takes "<tag><digits>" off the front of `text` if it begins so; 0 when it does not or the number is not one of a name.
std::uint32_t take_part(std::string_view& text, char tag) noexcept {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || (text.front() != tag && text.front() != tag - 'a' + 'A')) return 0;
    std::uint64_t number = 0;
    std::size_t end = 1;
    for (; end < text.size() && is_digit(text[end]); ++end) {
        number = number * 10 + static_cast<std::uint64_t>(text[end] - '0');
        if (number > largest_number) return 0;
    }
    text.remove_prefix(end);
    return static_cast<std::uint32_t>(number);
}

bool take_hyphen(std::string_view& text) noexcept {
    if (text.empty() || text.front() != '-') return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::string to_string(std::uint32_t base, Point point) {
    std::string text;
    append_part(text, 'b', base);
    if (point.differential != 0) append_part(text += '-', 'd', point.differential);
    if (point.incremental != 0) append_part(text += '-', 'i', point.incremental);
    return text;
}

std::optional<std::pair<std::uint32_t, Point>> parse_point(std::string_view text) noexcept {
    Point point;
    const std::uint32_t base = take_part(text, 'b');
    if (base == 0) return std::nullopt;
    if (text.empty()) return std::pair{base, point};
    if (!take_hyphen(text)) return std::nullopt;
    point.differential = take_part(text, 'd');
    if (point.differential != 0) {
        if (text.empty()) return std::pair{base, point};
        if (!take_hyphen(text)) return std::nullopt;
    }
    point.incremental = take_part(text, 'i');
    if (point.incremental == 0 || !text.empty()) return std::nullopt;
    return std::pair{base, point};
}

}  // namespace spchain
