#include "agent/cli/text.hpp"

#include <algorithm>
#include <array>

namespace imc::cli {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr std::string_view replacement_bytes = "\xEF\xBF\xBD";

struct Character {
    char32_t code = replacement;
    std::size_t bytes = 1;
};

Character first(std::string_view text) noexcept {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || text.size() < length) return {};
    char32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    static constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {};
    return {code, length};
}

struct Range {
    char32_t from, to;
};

bool within(char32_t code, std::initializer_list<Range> ranges) noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [code](Range r) { return code >= r.from && code <= r.to; });
}

std::size_t width_of(char32_t code) noexcept {
    if (code < 0x300) return 1;
    if (within(code, {{0x300, 0x36F}, {0x1AB0, 0x1AFF}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}})) return 0;
    const bool wide = within(code, {{0x1100, 0x115F},
                                    {0x2E80, 0xA4CF},
                                    {0xAC00, 0xD7A3},
                                    {0xF900, 0xFAFF},
                                    {0xFE30, 0xFE6F},
                                    {0xFF00, 0xFF60},
                                    {0xFFE0, 0xFFE6},
                                    {0x1F300, 0x1FAFF},
                                    {0x20000, 0x3FFFD}});
    return wide ? 2 : 1;
}

bool harmful(char32_t code) noexcept {
    return code < 0x20 || within(code, {{0x7F, 0x9F}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}});
}

// The longest beginning of at most `width` columns, in bytes.
std::size_t prefix(std::string_view text, std::size_t width) noexcept {
    std::size_t used = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const Character c = first(text.substr(at));
        if (used + width_of(c.code) > width) break;
        used += width_of(c.code);
        at += c.bytes;
    }
    return at;
}

}  // namespace

std::size_t columns(std::string_view text) noexcept {
    std::size_t total = 0;
    while (!text.empty()) {
        const Character c = first(text);
        total += width_of(c.code);
        text.remove_prefix(c.bytes);
    }
    return total;
}

std::string visible(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Character c = first(text);
        out += c.code == replacement || harmful(c.code) ? replacement_bytes : text.substr(0, c.bytes);
        text.remove_prefix(c.bytes);
    }
    return out;
}

std::string fit(std::string_view text, std::size_t width, Cut cut) {
    const std::size_t all = columns(text);
    if (all <= width) return std::string(text);
    if (width <= 2) return std::string(width, '.');
    if (cut == Cut::end) return std::string(text.substr(0, prefix(text, width - 2))) + "..";
    std::size_t left = all;
    while (left > width - 2) {
        const Character c = first(text);
        left -= width_of(c.code);
        text.remove_prefix(c.bytes);
    }
    return ".." + std::string(text);
}

std::string padded(std::string_view text, std::size_t width, bool right) {
    const std::size_t used = columns(text);
    const std::string blanks(used < width ? width - used : 0, ' ');
    return right ? blanks + std::string(text) : std::string(text) + blanks;
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

std::string Style::paint(std::string_view text, Tone tone) const {
    if (!colour || tone == Tone::plain || text.empty()) return std::string(text);
    static constexpr std::array<std::string_view, 6> codes = {"", "32", "33", "1;31", "2", "1"};
    return "\x1b[" + std::string(codes[static_cast<std::size_t>(tone)]) + "m" + std::string(text) + "\x1b[0m";
}

Tone tone_of_severity(std::string_view severity) noexcept {
    return severity == "critical" ? Tone::bad : severity == "warning" ? Tone::warn : severity == "ok" ? Tone::good : Tone::plain;
}

Tone tone_of_verdict(std::string_view verdict) noexcept {
    return verdict == "broken" ? Tone::bad : verdict == "doubtful" ? Tone::warn : Tone::plain;
}

std::string paragraph(std::string_view text, Style style, std::size_t indent) {
    const std::size_t room = style.width > indent + 10 ? style.width - indent : 10;
    const std::string blanks(indent, ' ');
    std::string out;
    std::string line;
    const auto end_line = [&] {
        out += blanks + line + "\n";
        line.clear();
    };
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && columns(line) + 1 + columns(word) > room) end_line();
        while (columns(word) > room) {
            const std::size_t bytes = prefix(word, room);
            line = word.substr(0, bytes);
            word.remove_prefix(bytes);
            end_line();
        }
        line += (line.empty() || word.empty() ? "" : " ") + std::string(word);
    }
    if (!line.empty()) end_line();
    return out;
}

}  // namespace imc::cli
