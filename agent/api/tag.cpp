#include "agent/api/tag.hpp"

#include "spchain/ascii.hpp"

#include <cstring>

namespace imc::api {
namespace {

namespace ascii = spchain::ascii;

constexpr std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

std::string_view opaque(std::string_view tag) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    return tag;
}

}  // namespace

Digest& Digest::add(std::uint64_t value) {
    state_ = mixed(state_ * 0x9e3779b97f4a7c15U + value + 0x632be59bd9b4e019U);
    return *this;
}

Digest& Digest::add(std::string_view text) {
    add(text.size());
    while (text.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        add(word);
        text.remove_prefix(8);
    }
    std::uint64_t rest = 0;
    if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
    return add(rest);
}

std::string hex16(std::uint64_t value) {
    std::string text(16, '0');
    for (std::size_t at = 16; at-- > 0; value >>= 4) text[at] = "0123456789abcdef"[value & 15];
    return text;
}

std::string entity_tag(std::uint64_t digest) {
    return "W/\"" + hex16(digest) + "\"";
}

bool tag_listed(std::string_view if_none_match, std::string_view tag) {
    if (if_none_match.empty()) return false;
    while (true) {
        const auto comma = if_none_match.find(',');
        const auto one = ascii::trimmed(if_none_match.substr(0, comma));
        if (one == "*" || (!one.empty() && opaque(one) == opaque(tag))) return true;
        if (comma == std::string_view::npos) return false;
        if_none_match.remove_prefix(comma + 1);
    }
}

}  // namespace imc::api
