// Who speaks at the two ends of a tunnel, told by keys and not by the outer TLS, which a middlebox may have ended. This header
// has the protocol, its words and what it asks of a cryptographic library. What it is not: that library (shuttle/io has it), or
// the judge of who may enter (the relay's registry is).
//
// The carrier is a WebSocket over TLS with the sub-protocol `websocket_protocol`; its number is the version of everything below
// and of the multiplexer that follows. An agent offers all it speaks, a relay takes the best it knows. Before the first frame of
// the multiplexer four binary messages of at most 1 KiB pass, numbers big endian, texts with one byte of length, printable ASCII:
//
//   agent  hello      1, lowest and highest version, nonce[32], agent's key[32], relay's name, agent's id, join id, host, software
//   relay  challenge  2, version, nonce[32], relay's key[32], relay's name, agent's id, SHA-256 of its TLS certificate, signature
//   agent  proof      3, join proof[32] or nothing, signature
//   relay  verdict    4, code, seconds to wait, generation, text, signature
//
// Keys and signatures are Ed25519 (RFC 8032). Each signature is over a label (it names role and version), and every message so
// far, each with four bytes of length, its own last and without the signature. So it is bound to both names, both roles, the
// versions that were offered and taken, and the fresh nonces of both sides: neither can be replayed, sent back to its sender, sent
// on to another relay, or taken from a negotiation that was bent. The relay's name and key come to the agent in the join code.
//
// Joining: a join code (join_code.hpp) carries a secret of 128 bits. Its HMACs are the join id, by which the relay finds it, and the
// join key, with which the agent proves it over the messages so far, its own new key among them; the secret itself never
// travels, so whoever reads along cannot use it. The relay chooses the agent's id; it keeps id and key when the proof holds, once.
//
// A middlebox that ends the TLS sees ids, host name, sizes and times, and can cut the tunnel. It cannot enter as the agent or be
// the relay in another connection, and of the streams it sees and can change only the ciphertext of the portal's TLS with the agent's
// API, which notices. What it can do is to speak instead of the relay afterwards, and so try the agent's API like anybody on its
// network: it has no token. The agent notices it, too, for the relay has signed which certificate it shows.
#pragma once

#include "shuttle/core/frame.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace shuttle::core {

inline constexpr std::string_view websocket_protocol = "imshuttle.yamux.v1";
inline constexpr std::string_view websocket_path = "/shuttle";
inline constexpr Byte lowest_version = 1;
inline constexpr Byte highest_version = 1;
inline constexpr std::size_t longest_message = 1024;

using PublicKey = std::array<Byte, 32>;
using Signature = std::array<Byte, 64>;
using Nonce = std::array<Byte, 32>;
using Digest = std::array<Byte, 32>;
using JoinSecret = std::array<Byte, 16>;
using JoinId = std::array<Byte, 8>;

// The library's part without a key. All functions: any thread; none throws.
class Crypto {
public:
    Crypto() = default;
    Crypto(const Crypto&) = delete;
    Crypto& operator=(const Crypto&) = delete;
    virtual ~Crypto() = default;
    [[nodiscard]] virtual bool random(std::span<Byte> target) const = 0;  // false: none can be had
    [[nodiscard]] virtual Digest hmac_sha256(Bytes key, Bytes message) const = 0;
    [[nodiscard]] virtual bool verify(const PublicKey& key, Bytes message, const Signature& signature) const = 0;
};

// One private key. What it is not: a way to read it.
class Signer {
public:
    Signer() = default;
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    virtual ~Signer() = default;
    [[nodiscard]] virtual const PublicKey& public_key() const = 0;
    [[nodiscard]] virtual std::optional<Signature> sign(Bytes message) const = 0;  // nothing: the library failed
};

// What the relay says at the end.
enum class VerdictCode : Byte {
    welcome = 0,
    replacing = 1,  // welcome, and an older session of the same agent is ended by this one
    // Refusals that asking again does not change.
    unknown_agent = 16,  // not, or no longer, in the registry
    wrong_key = 17,      // the id belongs to another key
    revoked = 18,
    bad_join_code = 19,  // unknown, used or expired: the relay does not say which
    version = 20,        // no version in common
    // Come back later.
    busy = 32,
    draining = 33,
    failed = 34,  // the relay could not look
};
[[nodiscard]] constexpr bool is_welcome(VerdictCode code) noexcept {
    return code <= VerdictCode::replacing;
}
[[nodiscard]] constexpr bool is_refusal(VerdictCode code) noexcept {
    return code >= VerdictCode::unknown_agent && code < VerdictCode::busy;
}
[[nodiscard]] std::string_view word_of(VerdictCode code) noexcept;  // "unknown_agent"
[[nodiscard]] bool known(Byte code) noexcept;

// Why a tunnel that was up ended, as the code of the WebSocket's close message (RFC 6455, 7.4.2: private use).
enum class EndCode : std::uint16_t {
    orderly = 1000,
    replaced = 4001,  // a newer session of the same agent: another computer may have its key
    revoked = 4002,
    draining = 4003,  // the relay stops; its other tunnels have been told before
};

// Ids of agents are labels of host names: 2 to 40 small letters and digits, a letter first.
[[nodiscard]] bool is_agent_id(std::string_view text) noexcept;
inline constexpr std::size_t longest_agent_id = 40;

// Compares in a time that does not depend on the content.
[[nodiscard]] bool same_digest(const Digest& a, const Digest& b) noexcept;
[[nodiscard]] JoinId join_id_of(const JoinSecret& secret, const Crypto& crypto);
[[nodiscard]] Digest join_key_of(const JoinSecret& secret, const Crypto& crypto);

}  // namespace shuttle::core
