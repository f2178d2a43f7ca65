#include "agent/api/brand.hpp"

#include <cmath>

namespace imc::api {
namespace {

int digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_color(std::string_view color) noexcept {
    if (color.size() != 7 || color[0] != '#') return false;
    for (const char c : color.substr(1)) {
        if (digit(c) < 0) return false;
    }
    return true;
}

double linear(std::string_view two) noexcept {
    const double part = (digit(two[0]) * 16 + digit(two[1])) / 255.0;
    return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
}

}  // namespace

double luminance(std::string_view color) noexcept {
    if (!is_color(color)) return 0;
    return 0.2126 * linear(color.substr(1, 2)) + 0.7152 * linear(color.substr(3, 2)) + 0.0722 * linear(color.substr(5, 2));
}

std::string_view text_on(std::string_view color) noexcept {
    const double light = luminance(color);
    const double white = 1.05 / (light + 0.05), black = (light + 0.05) / 0.05;
    return white >= black ? "#ffffff" : "#000000";
}

std::string brand_style(std::string_view color) {
    if (!is_color(color)) return "/* No colour is configured. */\n";
    return ":root {\n    --brand: " + std::string(color) + ";\n    --on-brand: " + std::string(text_on(color)) + ";\n}\n";
}

std::string html_text(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return result;
}

}  // namespace imc::api
