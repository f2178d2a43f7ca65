#include "agent/api/target.hpp"

#include <cstdint>

namespace imc::api {
namespace {

constexpr std::size_t most_parts = 64;

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool valid_utf8(std::string_view text) {
    for (std::size_t k = 0; k < text.size();) {
        const auto lead = static_cast<unsigned char>(text[k]);
        const std::size_t length = lead < 0x80              ? 1
                                   : (lead & 0xE0U) == 0xC0 ? 2
                                   : (lead & 0xF0U) == 0xE0 ? 3
                                   : (lead & 0xF8U) == 0xF0 ? 4
                                                            : 0;
        if (length == 0 || k + length > text.size()) return false;
        std::uint32_t code = length == 1 ? lead : lead & (0x7FU >> length);
        for (std::size_t j = 1; j < length; ++j) {
            const auto next = static_cast<unsigned char>(text[k + j]);
            if ((next & 0xC0U) != 0x80) return false;
            code = code << 6 | (next & 0x3FU);
        }
        constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
        k += length;
    }
    return true;
}

// `plus` : in a query, '+' is a blank.
std::optional<std::string> decode(std::string_view text, bool plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t k = 0; k < text.size(); ++k) {
        char c = text[k];
        if (c == '%') {
            if (k + 2 >= text.size()) return std::nullopt;
            const int high = hex(text[k + 1]);
            const int low = hex(text[k + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            k += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return std::nullopt;
        out.push_back(c);
    }
    if (!valid_utf8(out)) return std::nullopt;
    return out;
}

std::string_view take_until(std::string_view& rest, char separator) {
    const auto end = rest.find(separator);
    const auto part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return part;
}

// The part behind "https://host" of an absolute target; the target itself otherwise.
std::string_view without_origin(std::string_view target) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!target.starts_with(scheme)) continue;
        const auto slash = target.find('/', scheme.size());
        return slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    return target;
}

bool read_path(std::string_view path, Target& target) {
    if (!path.starts_with('/')) return false;
    path.remove_prefix(1);
    while (!path.empty()) {
        auto segment = decode(take_until(path, '/'), false);
        if (!segment || target.path.size() == most_parts) return false;
        target.path.push_back(std::move(*segment));
    }
    return true;
}

bool read_query(std::string_view query, Target& target) {
    while (!query.empty()) {
        auto pair = take_until(query, '&');
        if (pair.empty()) continue;
        auto name = decode(take_until(pair, '='), true);
        auto value = decode(pair, true);
        if (!name || !value || target.query.size() == most_parts) return false;
        target.query.emplace(std::move(*name), std::move(*value));
    }
    return true;
}

}  // namespace

std::optional<Target> parse_target(std::string_view text) {
    if (text.empty() || text.size() > target_limit) return std::nullopt;
    text = without_origin(text);
    text = text.substr(0, text.find('#'));
    Target target;
    const auto path = take_until(text, '?');
    if (!read_path(path, target) || !read_query(text, target)) return std::nullopt;
    return target;
}

}  // namespace imc::api
