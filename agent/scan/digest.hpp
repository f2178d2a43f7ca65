// The digest of a listing: a strong 64-bit mix of each entry, added up, so that order does not matter and an entry can be
// taken out again. Internal to agent/scan. What it is not: cryptographic; nobody gains by forging it.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace imc::scan {

// The finaliser of MurmurHash3 with the constants of "Mix13" (David Stafford): every input bit reaches every output bit.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

[[nodiscard]] constexpr std::uint64_t combine(std::uint64_t state, std::uint64_t value) noexcept {
    return mix(state * 0x9e3779b97f4a7c15U + value + 0x632be59bd9b4e019U);
}

[[nodiscard]] inline std::uint64_t hash_name(std::string_view name) noexcept {
    std::uint64_t state = name.size();
    while (name.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, name.data(), 8);
        state = combine(state, word);
        name.remove_prefix(8);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, name.data(), name.size());
    return combine(state, rest);
}

[[nodiscard]] inline std::uint64_t file_digest(std::string_view name, std::uint64_t bytes, std::int64_t nanoseconds) noexcept {
    return combine(combine(hash_name(name), bytes), static_cast<std::uint64_t>(nanoseconds));
}

[[nodiscard]] inline std::uint64_t directory_digest(std::string_view name) noexcept {
    return combine(hash_name(name), 0xd1d1d1d1d1d1d1d1U);
}

}  // namespace imc::scan
