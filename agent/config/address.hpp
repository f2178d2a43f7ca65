// IPv4 and IPv6 addresses in text, just enough to check what the configuration says. What it is not: a resolver
// of names; zone identifiers ("%eth0") are not accepted.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imc::config {

struct Address {
    std::array<std::uint8_t, 16> bytes{};  // an IPv4 address uses the first four
    int bits = 32;                         // 32 or 128
};

[[nodiscard]] std::optional<Address> parse_address(std::string_view text) noexcept;

// Empty when `text` is "address:port" with an IPv6 address in brackets and a port of 0 to 65535, or
// "network/prefix" with no bit set beyond the prefix; else what is wrong and what would be right.
[[nodiscard]] std::string refuse_listen(std::string_view text);
[[nodiscard]] std::string refuse_cidr(std::string_view text);
[[nodiscard]] std::string refuse_host_name(std::string_view text);

}  // namespace imc::config
