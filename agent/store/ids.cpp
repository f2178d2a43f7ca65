#include "agent/store/records.hpp"

#include <openssl/evp.h>
#include <stdexcept>
#include <string_view>

namespace imc::store {
namespace {

std::string id_of(const char* prefix, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    // Without SHA-256 nothing in this program can go on.
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1 || length < 8) {
        throw std::runtime_error("SHA-256 is not available in the OpenSSL library");
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = prefix;
    for (std::size_t i = 0; i < 8; ++i) {
        out.push_back(digits[digest[i] >> 4U]);
        out.push_back(digits[digest[i] & 0xFU]);
    }
    return out;
}

}  // namespace

std::string folder_id(const std::string& path) {
    return id_of("fld_", path);
}

std::string volume_id(const std::string& path, const std::string& volume) {
    // A NUL occurs in neither, so no two pairs run together.
    std::string text = path + '\0';
    for (const char c : volume) text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    return id_of("vol_", text);
}

}  // namespace imc::store
