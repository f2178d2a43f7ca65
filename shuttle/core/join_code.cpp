#include "shuttle/core/join_code.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace shuttle::core {
namespace {

constexpr std::string_view prefix = "imj";
constexpr char version = '1';
constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t longest_name = 100;
constexpr std::size_t longest_address = 255;
constexpr std::size_t longest_code = 1'000;
constexpr std::size_t checksum_bytes = 4;

std::uint32_t crc32(Bytes bytes) noexcept {
    std::uint32_t crc = 0xffffffffU;
    for (const Byte byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
    }
    return ~crc;
}

void append_text(std::vector<Byte>& out, std::string_view text) {
    out.push_back(static_cast<Byte>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
}

std::optional<std::vector<Byte>> from_base32(std::string_view text) {
    std::vector<Byte> out;
    std::uint32_t bits = 0;
    unsigned have = 0;
    for (const char c : text) {
        const auto at = alphabet.find(c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c);
        if (at == std::string_view::npos) return std::nullopt;
        bits = (bits << 5U | static_cast<std::uint32_t>(at)) & 0xfffU;
        have += 5;
        if (have < 8) continue;
        have -= 8;
        out.push_back(static_cast<Byte>(bits >> have));
    }
    return out;
}

std::optional<std::string> take_text(Bytes& rest, std::size_t longest) {
    if (rest.empty() || rest[0] == 0 || rest[0] > longest || rest.size() < 1U + rest[0]) return std::nullopt;
    std::string text(rest.begin() + 1, rest.begin() + 1 + rest[0]);
    rest = rest.subspan(1U + rest[0]);
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; }) ? std::optional(text) : std::nullopt;
}

std::string tidied(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return out;
}

}  // namespace

std::string base32(Bytes bytes) {
    std::string out;
    std::uint32_t bits = 0;
    unsigned have = 0;
    for (const Byte byte : bytes) {
        bits = (bits << 8U | byte) & 0xffffU;
        have += 8;
        while (have >= 5) {
            have -= 5;
            out.push_back(alphabet[bits >> have & 31U]);
        }
    }
    if (have > 0) out.push_back(alphabet[bits << (5 - have) & 31U]);
    return out;
}

std::string encode(const JoinCode& code) {
    std::vector<Byte> bytes(code.relay_key.begin(), code.relay_key.end());
    bytes.insert(bytes.end(), code.secret.begin(), code.secret.end());
    append_text(bytes, std::string_view(code.relay).substr(0, longest_name));
    append_text(bytes, std::string_view(code.address).substr(0, longest_address));
    const std::uint32_t crc = crc32(bytes);
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes.push_back(static_cast<Byte>(crc >> shift));
    return std::string(prefix) + version + base32(bytes);
}

std::optional<JoinCode> decode_join_code(std::string_view text, JoinCodeFault& fault) {
    const auto failed = [&fault](JoinCodeFault what) {
        fault = what;
        return std::nullopt;
    };
    fault = JoinCodeFault::none;
    if (text.size() > longest_code) return failed(JoinCodeFault::not_a_code);
    const std::string word = tidied(text);
    if (!word.starts_with(prefix) || word.size() <= prefix.size()) return failed(JoinCodeFault::not_a_code);
    if (word[prefix.size()] != version) return failed(JoinCodeFault::other_version);
    const auto bytes = from_base32(std::string_view(word).substr(prefix.size() + 1));
    if (!bytes || bytes->size() < checksum_bytes) return failed(JoinCodeFault::damaged);
    Bytes rest(*bytes);
    std::uint32_t told = 0;
    for (const Byte byte : rest.last(checksum_bytes)) told = told << 8U | byte;
    rest = rest.first(rest.size() - checksum_bytes);
    JoinCode code;
    constexpr std::size_t fixed = std::tuple_size_v<PublicKey> + std::tuple_size_v<JoinSecret>;
    if (crc32(rest) != told || rest.size() < fixed) return failed(JoinCodeFault::damaged);
    std::copy_n(rest.begin(), code.relay_key.size(), code.relay_key.begin());
    std::copy_n(rest.begin() + static_cast<std::ptrdiff_t>(code.relay_key.size()), code.secret.size(), code.secret.begin());
    rest = rest.subspan(fixed);
    auto name = take_text(rest, longest_name);
    auto address = take_text(rest, longest_address);
    if (!name || !address || !rest.empty() || !parse_host_port(*address)) return failed(JoinCodeFault::damaged);
    code.relay = std::move(*name);
    code.address = std::move(*address);
    return code;
}

std::optional<HostPort> parse_host_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || text.size() > longest_address) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (brackets) host = host.substr(1, host.size() - 2);
    const auto fits = [brackets](char c) {
        const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        return brackets ? word || c == ':' || c == '%' : word;
    };
    if (host.empty() || !std::all_of(host.begin(), host.end(), fits)) return std::nullopt;
    unsigned port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size() || port == 0 || port > 65'535) return std::nullopt;
    return HostPort{std::string(host), static_cast<std::uint16_t>(port)};
}

}  // namespace shuttle::core
