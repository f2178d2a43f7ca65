#include "agent/config/path_style.hpp"
#include "agent/store/records.hpp"
#include "spchain/ascii.hpp"

#include <openssl/evp.h>
#include <stdexcept>
#include <string_view>

namespace imc::store {
namespace {

namespace ascii = spchain::ascii;

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

// Windows takes two spellings of a path for one folder.
std::string spelled_once(const std::string& path) {
    return config::is_absolute(path, config::PathStyle::windows) && !path.starts_with('/') ? ascii::lower(path) : path;
}

}  // namespace

std::string folder_id(const std::string& path) {
    return id_of("fld_", spelled_once(path));
}

std::string volume_id(const std::string& path, const std::string& volume) {
    // A NUL occurs in neither, so no two pairs run together.
    return id_of("vol_", spelled_once(path) + '\0' + ascii::lower(volume));
}

}  // namespace imc::store
