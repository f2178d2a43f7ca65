// A join code: what an agent needs to find a relay, to know it, and to be let in once. One word of small letters and digits
// (Crockford's base 32, which has no letters that look alike), with a checksum, so that a slip of the pen is noticed before
// anything is dialled:
//
//   "imj1"  base32( relay's key[32], secret[16], relay's name, relay's address, CRC-32 of all before )
//
// What it is not: lasting. The relay forgets the secret when it was used or its time is over.
#pragma once

#include "shuttle/core/identity.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace shuttle::core {

struct JoinCode {
    PublicKey relay_key{};
    JoinSecret secret{};
    std::string relay;    // its name, 1 to 100 bytes of printable ASCII
    std::string address;  // "host:port", "[::1]:443"
    friend bool operator==(const JoinCode&, const JoinCode&) = default;
};

[[nodiscard]] std::string encode(const JoinCode& code);

enum class JoinCodeFault { none, not_a_code, damaged, other_version };
// Blanks and line ends around and inside are passed over, and case does not matter.
[[nodiscard]] std::optional<JoinCode> decode_join_code(std::string_view text, JoinCodeFault& fault);

// Where a relay listens, "host:port": the host without brackets. Nothing where it cannot be one.
struct HostPort {
    std::string host;
    std::uint16_t port = 0;
};
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text);

// Crockford's base 32 in small letters, the last character filled up with zero bits.
[[nodiscard]] std::string base32(Bytes bytes);

}  // namespace shuttle::core
