// Ed25519 keys, HMAC and random numbers by OpenSSL, behind what shuttle/core asks for. What it is not: a place where keys are
// kept; private_bytes() is a secret that its caller protects.
#pragma once

#include "shuttle/core/identity.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <openssl/types.h>
#include <string>

namespace shuttle::io {

class OpenSslCrypto final : public core::Crypto {
public:
    [[nodiscard]] bool random(std::span<core::Byte> target) const override;
    [[nodiscard]] core::Digest hmac_sha256(core::Bytes key, core::Bytes message) const override;
    [[nodiscard]] bool verify(const core::PublicKey& key, core::Bytes message, const core::Signature& signature) const override;
};

class Key final : public core::Signer {
public:
    using PrivateBytes = std::array<core::Byte, 32>;
    // Throw where OpenSSL can make no key at all.
    [[nodiscard]] static std::unique_ptr<Key> make();
    [[nodiscard]] static std::unique_ptr<Key> from(const PrivateBytes& bytes);
    ~Key() override;

    [[nodiscard]] const core::PublicKey& public_key() const override { return public_; }
    [[nodiscard]] std::optional<core::Signature> sign(core::Bytes message) const override;
    [[nodiscard]] PrivateBytes private_bytes() const;

private:
    explicit Key(EVP_PKEY* key);
    EVP_PKEY* key_;  // owned
    core::PublicKey public_{};
};

[[nodiscard]] core::Digest sha256(core::Bytes bytes);

// Small hexadecimal digits, for files and people; nothing where `text` is not exactly `size` bytes in hex.
[[nodiscard]] std::string hex(core::Bytes bytes);
[[nodiscard]] bool from_hex(std::string_view text, std::span<core::Byte> target);
// 64 fresh random bits. Throws where there are none.
[[nodiscard]] std::uint64_t random_bits();

}  // namespace shuttle::io
