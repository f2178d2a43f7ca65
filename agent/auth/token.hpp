// Bearer tokens: "imc_" + 32 base62 characters (190 random bits) + 6 base62 characters of the CRC-32 of what
// goes before, so that a mistyped token is refused without a look-up. Only the SHA-256 is kept. What it is not: a session.
#pragma once

#include "agent/api/http.hpp"
#include "agent/store/settings.hpp"

#include <optional>
#include <string>

namespace imc::auth {

struct NewToken {
    std::string secret;  // shown once, never stored or logged
    store::TokenRecord record;
};
[[nodiscard]] NewToken make_token(const std::string& name, const std::string& scope, store::UnixTime now, store::UnixTime expires);
[[nodiscard]] bool well_formed(std::string_view token) noexcept;  // prefix, alphabet, length, checksum
[[nodiscard]] std::string sha256_hex(std::string_view data);

}  // namespace imc::auth
