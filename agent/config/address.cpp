#include "agent/config/address.hpp"

#include <charconv>

namespace imc::config {
namespace {

// Decimal without sign or needless leading zeros, 0 to limit.
std::optional<int> small_number(std::string_view text, int limit) noexcept {
    if (text.empty() || text.size() > 5 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    unsigned value = 0;  // an int would take "-0"
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > static_cast<unsigned>(limit)) return std::nullopt;
    return static_cast<int>(value);
}

bool parse_v4(std::string_view text, std::uint8_t* out) noexcept {
    for (int part = 0; part < 4; ++part) {
        const std::size_t dot = text.find('.');
        if ((dot == std::string_view::npos) != (part == 3)) return false;
        const auto value = small_number(text.substr(0, dot), 255);
        if (!value) return false;
        out[part] = static_cast<std::uint8_t>(*value);
        if (part < 3) text.remove_prefix(dot + 1);
    }
    return true;
}

// Groups of one side of "::", as bytes; an IPv4 tail is allowed where `tail`. Returns how many bytes, or -1.
int parse_groups(std::string_view text, bool tail, std::array<std::uint8_t, 16>& out) noexcept {
    int count = 0;
    if (text.empty()) return 0;
    while (true) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        const bool last = colon == std::string_view::npos;
        if (last && tail && group.find('.') != std::string_view::npos) {
            if (count > 12 || !parse_v4(group, out.data() + count)) return -1;
            return count + 4;
        }
        unsigned value = 0;
        const auto [end, error] = std::from_chars(group.data(), group.data() + group.size(), value, 16);
        if (group.empty() || group.size() > 4 || error != std::errc() || end != group.data() + group.size() || count > 14) return -1;
        out[static_cast<std::size_t>(count++)] = static_cast<std::uint8_t>(value >> 8);
        out[static_cast<std::size_t>(count++)] = static_cast<std::uint8_t>(value & 0xff);
        if (last) return count;
        text.remove_prefix(colon + 1);
    }
}

bool parse_v6(std::string_view text, std::array<std::uint8_t, 16>& out) noexcept {
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) return parse_groups(text, true, out) == 16;
    std::array<std::uint8_t, 16> left{};
    std::array<std::uint8_t, 16> right{};
    const int before = parse_groups(text.substr(0, gap), false, left);
    const int after = parse_groups(text.substr(gap + 2), true, right);
    if (before < 0 || after < 0 || before + after > 14) return false;
    out = left;
    for (int i = 0; i < after; ++i) out[static_cast<std::size_t>(16 - after + i)] = right[static_cast<std::size_t>(i)];
    return true;
}

std::string dotted(const std::array<std::uint8_t, 16>& bytes) {
    std::string text;
    for (std::size_t i = 0; i < 4; ++i) text += (i ? "." : "") + std::to_string(bytes[i]);
    return text;
}

bool letter_or_digit(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool good_label(std::string_view label) noexcept {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label) {
        if (!letter_or_digit(c) && c != '-' && c != '_') return false;
    }
    return true;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) noexcept {
    Address address;
    if (text.find(':') == std::string_view::npos) {
        if (!parse_v4(text, address.bytes.data())) return std::nullopt;
        return address;
    }
    address.bits = 128;
    if (!parse_v6(text, address.bytes)) return std::nullopt;
    return address;
}

std::string refuse_listen(std::string_view text) {
    constexpr const char* right = "; right would be such as \"0.0.0.0:8443\" or \"[::]:8443\"";
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::string("has no port") + right;
    std::string_view host = text.substr(0, colon);
    const bool brackets = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (brackets) host = host.substr(1, host.size() - 2);
    if (!brackets && host.find(':') != std::string_view::npos) return std::string("an IPv6 address needs brackets") + right;
    const auto address = parse_address(host);
    if (!address || brackets != (address->bits == 128)) return std::string("is not an address and a port") + right;
    if (!small_number(text.substr(colon + 1), 65'535)) return "has no port from 0 to 65535 after the last colon";
    return {};
}

std::string refuse_cidr(std::string_view text) {
    const std::size_t slash = text.find('/');
    auto address = parse_address(text.substr(0, slash));
    if (!address) return "is not a network; right would be such as \"192.0.2.0/24\" or \"2001:db8::/32\"";
    if (slash == std::string_view::npos) {
        return "has no prefix length; one address alone is \"" + std::string(text) + "/" + std::to_string(address->bits) + "\"";
    }
    const auto prefix = small_number(text.substr(slash + 1), address->bits);
    if (!prefix) return "has no prefix length from 0 to " + std::to_string(address->bits) + " after the slash";
    bool beyond = false;
    for (int bit = *prefix; bit < address->bits; ++bit) {
        auto& byte = address->bytes[static_cast<std::size_t>(bit / 8)];
        const auto mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
        beyond = beyond || (byte & mask) != 0;
        byte = static_cast<std::uint8_t>(byte & ~mask);
    }
    if (!beyond) return {};
    if (address->bits == 128) return "has bits set beyond its prefix length; write the network's first address";
    return "has bits set beyond its prefix length; the network is \"" + dotted(address->bytes) + "/" + std::to_string(*prefix) + "\"";
}

std::string refuse_host_name(std::string_view text) {
    constexpr const char* wrong = "is neither a DNS name nor an address; right would be such as \"backup.example.net\" or \"192.0.2.7\"";
    if (parse_address(text)) return {};
    std::string_view rest = text.substr(0, 2) == "*." ? text.substr(2) : text;
    if (rest.empty() || text.size() > 253) return wrong;
    const bool only_numbers = rest.find_first_not_of("0123456789.") == std::string_view::npos;
    while (true) {
        const std::size_t dot = rest.find('.');
        if (only_numbers || !good_label(rest.substr(0, dot))) return wrong;
        if (dot == std::string_view::npos) return {};
        rest.remove_prefix(dot + 1);
    }
}

}  // namespace imc::config
