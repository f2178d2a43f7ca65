#include "agent/scan/utf8.hpp"

#include <cstdint>

namespace imc::scan {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

struct Decoded {
    char32_t point = 0;
    std::size_t length = 0;  // 0: not valid here
};

bool continues(std::string_view s, std::size_t i) {
    return i < s.size() && (static_cast<unsigned char>(s[i]) & 0xC0U) == 0x80U;
}

Decoded decode(std::string_view s) {
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(s[i])); };
    const char32_t first = byte(0);
    if (first < 0x80) return {first, 1};
    if (first >= 0xC2 && first < 0xE0 && continues(s, 1)) return {((first & 0x1FU) << 6U) | (byte(1) & 0x3FU), 2};
    if (first >= 0xE0 && first < 0xF0 && continues(s, 1) && continues(s, 2)) {
        const char32_t point = ((first & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
        if (point >= 0x800 && (point < 0xD800 || point > 0xDFFF)) return {point, 3};
    }
    if (first >= 0xF0 && first < 0xF5 && continues(s, 1) && continues(s, 2) && continues(s, 3)) {
        const char32_t point = ((first & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) | (byte(3) & 0x3FU);
        if (point >= 0x10000 && point <= 0x10FFFF) return {point, 4};
    }
    return {};
}

void append_utf8(std::string& out, char32_t point) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0U | (point >> 6U));
        put(0x80U | (point & 0x3FU));
    } else if (point < 0x10000) {
        put(0xE0U | (point >> 12U));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    } else {
        put(0xF0U | (point >> 18U));
        put(0x80U | ((point >> 12U) & 0x3FU));
        put(0x80U | ((point >> 6U) & 0x3FU));
        put(0x80U | (point & 0x3FU));
    }
}

void append_hex(std::string& out, unsigned value, unsigned width) {
    for (unsigned i = width; i-- > 0;) out.push_back(digits[(value >> (4U * i)) & 0xFU]);
}

bool is_ascii(std::string_view bytes) {
    unsigned char all = 0;
    for (const char c : bytes) all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
    return all < 0x80;
}

}  // namespace

std::string valid_utf8(std::string_view bytes) {
    if (is_ascii(bytes)) return std::string(bytes);
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const Decoded next = decode(bytes);
        if (next.length == 0) {
            out.append(replacement);
            append_hex(out, static_cast<unsigned char>(bytes.front()), 2);
            bytes.remove_prefix(1);
        } else {
            out.append(bytes.substr(0, next.length));
            bytes.remove_prefix(next.length);
        }
    }
    return out;
}

std::string utf8_from_utf16(std::u16string_view units) {
    std::string out;
    out.reserve(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
        const char32_t unit = units[i];
        const bool high = unit >= 0xD800 && unit < 0xDC00;
        if (high && i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000) {
            append_utf8(out, 0x10000 + ((unit - 0xD800) << 10U) + (units[i + 1] - 0xDC00U));
            ++i;
        } else if (high || (unit >= 0xDC00 && unit < 0xE000)) {
            out.append(replacement);
            append_hex(out, unit, 4);
        } else {
            append_utf8(out, unit);
        }
    }
    return out;
}

std::u16string utf16_from_utf8(std::string_view text) {
    std::u16string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const Decoded next = decode(text);
        if (next.length == 0) {
            out.push_back(u'\uFFFD');
            text.remove_prefix(1);
            continue;
        }
        if (next.point < 0x10000) {
            out.push_back(static_cast<char16_t>(next.point));
        } else {
            out.push_back(static_cast<char16_t>(0xD800 + ((next.point - 0x10000) >> 10U)));
            out.push_back(static_cast<char16_t>(0xDC00 + ((next.point - 0x10000) & 0x3FFU)));
        }
        text.remove_prefix(next.length);
    }
    return out;
}

}  // namespace imc::scan
