#include "shuttle/io/keys.hpp"

#include <cstring>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdexcept>

namespace shuttle::io {
namespace {

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

int digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

bool OpenSslCrypto::random(std::span<core::Byte> target) const {
    return RAND_bytes(target.data(), static_cast<int>(target.size())) == 1;
}

core::Digest OpenSslCrypto::hmac_sha256(core::Bytes key, core::Bytes message) const {
    core::Digest digest{};
    unsigned size = 0;
    // What cannot be computed must match nothing: zeros would match each other.
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), digest.data(), &size) == nullptr)
        throw std::runtime_error("OpenSSL cannot compute an HMAC");
    return digest;
}

bool OpenSslCrypto::verify(const core::PublicKey& key, core::Bytes message, const core::Signature& signature) const {
    const std::unique_ptr<EVP_PKEY, Free> known(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const Context context(EVP_MD_CTX_new());
    const bool good = known && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, known.get()) == 1 &&
                      EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
    ERR_clear_error();
    return good;
}

Key::Key(EVP_PKEY* key) : key_(key) {
    std::size_t size = public_.size();
    if (key == nullptr || EVP_PKEY_get_raw_public_key(key, public_.data(), &size) != 1) {
        EVP_PKEY_free(key);
        throw std::runtime_error("OpenSSL can make no Ed25519 key");
    }
}

Key::~Key() {
    EVP_PKEY_free(key_);
}

std::unique_ptr<Key> Key::make() {
    return std::unique_ptr<Key>(new Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

std::unique_ptr<Key> Key::from(const PrivateBytes& bytes) {
    return std::unique_ptr<Key>(new Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size())));
}

std::optional<core::Signature> Key::sign(core::Bytes message) const {
    const Context context(EVP_MD_CTX_new());
    core::Signature signature{};
    std::size_t size = signature.size();
    const bool good = context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_) == 1 &&
                      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) == 1;
    ERR_clear_error();
    return good && size == signature.size() ? std::optional(signature) : std::nullopt;
}

Key::PrivateBytes Key::private_bytes() const {
    PrivateBytes bytes{};
    std::size_t size = bytes.size();
    if (EVP_PKEY_get_raw_private_key(key_, bytes.data(), &size) != 1) throw std::runtime_error("OpenSSL does not give the key");
    return bytes;
}

core::Digest sha256(core::Bytes bytes) {
    core::Digest digest{};
    SHA256(bytes.data(), bytes.size(), digest.data());
    return digest;
}

std::string hex(core::Bytes bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const core::Byte byte : bytes) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

bool from_hex(std::string_view text, std::span<core::Byte> target) {
    if (text.size() != 2 * target.size()) return false;
    for (std::size_t k = 0; k < target.size(); ++k) {
        const int high = digit(text[2 * k]);
        const int low = digit(text[2 * k + 1]);
        if (high < 0 || low < 0) return false;
        target[k] = static_cast<core::Byte>(high * 16 + low);
    }
    return true;
}

std::uint64_t random_bits() {
    std::array<unsigned char, 8> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random numbers can be had");
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data(), bytes.size());
    return bits;
}

}  // namespace shuttle::io
