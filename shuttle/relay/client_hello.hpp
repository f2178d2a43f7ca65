// The name in the first message of TLS (RFC 8446 section 4.1.2, RFC 6066 section 3), read without taking part in the handshake. What it
// is not: a check of the message; whoever the bytes are for does that. Total: any bytes are a name, none, or too few. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace shuttle::relay {

struct HelloName {
    enum class Kind {
        more,  // the message has not ended yet
        none,  // no ClientHello, or one without a name
        name,
    };
    Kind kind = Kind::none;
    std::string name;  // as it was sent, in small letters; 1 to 255 visible letters of ASCII
};

// Of all bytes that have come. Never `more` of longest_hello bytes.
[[nodiscard]] HelloName name_in(std::span<const std::uint8_t> bytes);
inline constexpr std::size_t longest_hello = 16 * 1024;

}  // namespace shuttle::relay
