// A 64-bit digest of what an answer is made of, for entity tags and for the state that a cursor belongs to. What it
// is not: cryptographic, or the same on every platform; nobody gains by forging it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace imc::api {

class Digest {
public:
    Digest& add(std::uint64_t value);
    Digest& add(std::string_view text);  // its length counts, so that neighbours do not run together
    [[nodiscard]] std::uint64_t value() const { return state_; }

private:
    std::uint64_t state_ = 0x2545f4914f6cdd1dU;
};

[[nodiscard]] std::string hex16(std::uint64_t value);
// Weak, since the same state may be sent compressed or not: W/"0123456789abcdef".
[[nodiscard]] std::string entity_tag(std::uint64_t digest);
// Whether If-None-Match names the tag; compares weakly, knows lists and "*".
[[nodiscard]] bool tag_listed(std::string_view if_none_match, std::string_view tag);

}  // namespace imc::api
