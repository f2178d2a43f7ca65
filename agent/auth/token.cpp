#include "agent/auth/token.hpp"

#include <array>
#include <cstdint>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdexcept>
#include <zlib.h>

namespace imc::auth {
namespace {

constexpr std::string_view prefix = "imc_";
constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t random_length = 32;
constexpr std::size_t checksum_length = 6;
constexpr std::size_t id_length = 8;

std::string random_text(std::size_t length) {
    // Bytes of 248 and above are thrown away: 248 is a multiple of 62, so that every character is as likely.
    constexpr unsigned char fair = 248;
    std::string text;
    while (text.size() < length) {
        std::array<unsigned char, 64> bytes{};
        if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random numbers can be had");
        for (const auto byte : bytes) {
            if (byte < fair && text.size() < length) text.push_back(alphabet[byte % alphabet.size()]);
        }
    }
    return text;
}

std::string checksum(std::string_view text) {
    auto crc = static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
    std::string digits(checksum_length, alphabet.front());
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, crc /= 62) *digit = alphabet[crc % 62];
    return digits;
}

}  // namespace

NewToken make_token(const std::string& name, const std::string& scope, store::UnixTime now, store::UnixTime expires) {
    NewToken token;
    token.secret = std::string(prefix) + random_text(random_length);
    token.secret += checksum(token.secret);
    token.record.id = "t_" + random_text(id_length);
    token.record.name = name;
    token.record.scope = scope;
    token.record.sha256 = sha256_hex(token.secret);
    token.record.created = now;
    token.record.expires = expires;
    return token;
}

bool well_formed(std::string_view token) noexcept {
    if (token.size() != prefix.size() + random_length + checksum_length || !token.starts_with(prefix)) return false;
    if (token.find_first_not_of(alphabet, prefix.size()) != std::string_view::npos) return false;
    const auto body = token.size() - checksum_length;
    return checksum(token.substr(0, body)) == token.substr(body);
}

std::string sha256_hex(std::string_view data) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(), hash.data());
    std::string text;
    for (const auto byte : hash) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

}  // namespace imc::auth
