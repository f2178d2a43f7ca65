// The four messages of the identity protocol (identity.hpp) as values, to and from bytes. What it is not: the protocol; who may
// say what when, and what a signature is over, is decided in handshake.hpp.
#pragma once

#include "shuttle/core/identity.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shuttle::core {

using Message = std::vector<Byte>;

struct Hello {
    Byte lowest = lowest_version;
    Byte highest = highest_version;
    Nonce nonce{};
    PublicKey key{};
    std::string relay;              // whom the agent means
    std::string agent;              // its id; empty: it wants to join
    std::optional<JoinId> join_id;  // exactly where `agent` is empty
    std::string host;               // what its computer is called, for people
    std::string software;           // "imconnector 1.2.3", for people
    friend bool operator==(const Hello&, const Hello&) = default;
};

struct Challenge {
    Byte version = highest_version;
    Nonce nonce{};
    PublicKey key{};
    std::string relay;
    std::string agent;                  // as in the hello; of one that joins: its id from now on
    std::optional<Digest> certificate;  // SHA-256 of the TLS certificate that the relay shows; empty: it does not know
    Signature signature{};
    friend bool operator==(const Challenge&, const Challenge&) = default;
};

struct Proof {
    std::optional<Digest> join;
    Signature signature{};
    friend bool operator==(const Proof&, const Proof&) = default;
};

struct Verdict {
    VerdictCode code = VerdictCode::failed;
    std::uint32_t wait_seconds = 0;  // before the next attempt; 0: as the agent likes
    std::uint64_t generation = 0;    // of the session; a later one of the same agent has a greater one
    std::string text;                // a sentence for people, at most 200 bytes
    Signature signature{};
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

// At most longest_message bytes. Texts are cut to what fits and made printable; ids are expected to be right.
[[nodiscard]] Message encode(const Hello& hello);
[[nodiscard]] Message encode(const Challenge& challenge);
[[nodiscard]] Message encode(const Proof& proof);
[[nodiscard]] Message encode(const Verdict& verdict);

// Nothing where anything is out of its limits. A hello may end with fields of later versions; the others end where they end.
[[nodiscard]] std::optional<Hello> decode_hello(Bytes message);
[[nodiscard]] std::optional<Challenge> decode_challenge(Bytes message);
[[nodiscard]] std::optional<Proof> decode_proof(Bytes message);
[[nodiscard]] std::optional<Verdict> decode_verdict(Bytes message);
[[nodiscard]] bool is_verdict(Bytes message) noexcept;  // by its first byte

// What a signature of `message` is over: all of it but the signature, which is always last.
[[nodiscard]] Bytes signed_part(Bytes message) noexcept;

}  // namespace shuttle::core
