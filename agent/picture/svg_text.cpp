#include "agent/picture/svg_text.hpp"

#include "agent/scan/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace imc::picture {

void put(std::string& out, double number) {
    // Far beyond any picture; keeps the conversion defined.
    const auto tenths = static_cast<long long>(std::llround(std::clamp(number, -1e9, 1e9) * 10));
    char text[32];
    char* at = text;
    if (tenths < 0) *at++ = '-';
    const auto size = static_cast<unsigned long long>(tenths < 0 ? -tenths : tenths);
    at = std::to_chars(at, text + sizeof text, size / 10).ptr;
    if (size % 10 != 0) {
        *at++ = '.';
        *at++ = static_cast<char>('0' + size % 10);
    }
    out.append(text, at);
}

void put_bar(std::string& out, double x, double y, double width, double height) {
    out += 'M';
    put(out, x);
    out += ' ';
    put(out, y);
    out += 'h';
    put(out, width);
    out += 'v';
    put(out, height);
    out += 'h';
    put(out, -width);
    out += 'z';
}

std::string number_text(double number) {
    std::string out;
    put(out, number);
    return out;
}

std::string xml(std::string_view text) {
    std::string out;
    const auto valid = scan::valid_utf8(text);
    for (std::size_t k = 0; k < valid.size(); ++k) {
        const char c = valid[k];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '"') {
            out += "&quot;";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += scan::replacement;
        } else if (valid.compare(k, 2, "\xEF\xBF") == 0 && (valid[k + 2] == '\xBE' || valid[k + 2] == '\xBF')) {
            out += scan::replacement;  // U+FFFE and U+FFFF are characters of UTF-8, not of XML
            k += 2;
        } else {
            out += c;
        }
    }
    return out;
}

std::string attribute(std::string_view name, double value) {
    std::string out = " ";
    out += name;
    out += "=\"";
    put(out, value);
    return out + '"';
}

std::string grouped(std::size_t number) {
    const std::string digits = std::to_string(number);
    std::string out;
    for (std::size_t k = 0; k < digits.size(); ++k) {
        if (k > 0 && (digits.size() - k) % 3 == 0) out += ',';
        out += digits[k];
    }
    return out;
}

}  // namespace imc::picture
