// A webhook: where to, and how what is sent there is signed. The signature is that of the Standard Webhooks specification
// (standardwebhooks.com), which receivers have libraries for. What it is not: the sending (courier.hpp). Pure.
#pragma once

#include "shuttle/core/identity.hpp"
#include "shuttle/relay/told.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shuttle::relay {

struct HookUrl {
    bool tls = true;
    std::string host;  // without brackets
    std::string port;
    std::string target;     // path and query
    std::string authority;  // as the Host header has it
};
// https to anywhere, http to this computer alone; no user and password. The error is a sentence without the URL, which may hold
// a secret.
[[nodiscard]] Told<HookUrl> parse_hook_url(std::string_view text);
// For lists and logs: scheme, host and port. What follows may be a secret.
[[nodiscard]] std::string shown_url(std::string_view url);

// "whsec_" and base64 of 24 to 64 bytes, or any text of 16 to 200 visible letters of ASCII, which is taken as it is.
[[nodiscard]] Told<std::vector<core::Byte>> secret_bytes(std::string_view text);
// The header webhook-signature: "v1," and base64 of HMAC-SHA256 over "id.timestamp.body".
[[nodiscard]] std::string signature(const std::vector<core::Byte>& secret, std::string_view id, std::int64_t timestamp,
                                    std::string_view body);

}  // namespace shuttle::relay
