// An MD5 in the making, by OpenSSL. Internal to agent/imagemanager. What it is not: for anything that must withstand an attacker.
#pragma once

#include "agent/imagemanager/sidecar.hpp"

#include <memory>
#include <openssl/evp.h>
#include <span>

namespace imc::imagemanager {

class Md5Digest {
public:
    // False: the library has no MD5.
    [[nodiscard]] bool begin() noexcept { return context_ && EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr) == 1; }
    [[nodiscard]] bool add(std::span<const std::uint8_t> bytes) noexcept {
        return EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
    }
    [[nodiscard]] bool end(Md5& digest) noexcept {
        unsigned int size = 0;
        return EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1 && size == digest.size();
    }
    // Of what was added until now; more can be added.
    [[nodiscard]] bool so_far(Md5& digest) const noexcept {
        const std::unique_ptr<EVP_MD_CTX, Free> copy(EVP_MD_CTX_new());
        unsigned int size = 0;
        return copy && EVP_MD_CTX_copy_ex(copy.get(), context_.get()) == 1 && EVP_DigestFinal_ex(copy.get(), digest.data(), &size) == 1 &&
               size == digest.size();
    }

private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

}  // namespace imc::imagemanager
