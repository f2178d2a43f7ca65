// Both sides of the identity protocol, and join codes, with a peer that says whatever comes. The signatures hold always, so that
// the fuzzer gets past them. Whatever it is: messages stay short, and what is decoded is encoded to what decodes to the same.
#include "shuttle/core/handshake.hpp"
#include "shuttle/core/join_code.hpp"

#include <cstdlib>

namespace {

using namespace shuttle::core;

void require(bool holds) {
    if (!holds) std::abort();
}

class Credulous final : public Crypto {
public:
    bool random(std::span<Byte> target) const override {
        for (Byte& byte : target) byte = 7;
        return true;
    }
    Digest hmac_sha256(Bytes key, Bytes message) const override {
        return Digest{static_cast<Byte>(key.size()), static_cast<Byte>(message.size())};
    }
    bool verify(const PublicKey&, Bytes, const Signature&) const override { return true; }
};

class Same final : public Signer {
public:
    const PublicKey& public_key() const override { return key_; }
    std::optional<Signature> sign(Bytes) const override { return Signature{}; }

private:
    PublicKey key_{};
};

template <class Value>
void again(const std::optional<Value>& value, std::optional<Value> (*decode)(Bytes)) {
    if (!value) return;
    const Message message = encode(*value);
    require(message.size() <= longest_message);
    require(decode(message) == value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Credulous crypto;
    const Same signer;
    const Bytes input(data, size);
    again(decode_hello(input), decode_hello);
    again(decode_challenge(input), decode_challenge);
    again(decode_proof(input), decode_proof);
    again(decode_verdict(input), decode_verdict);
    JoinCodeFault fault{};
    const std::string text(input.begin(), input.end());
    if (const auto code = decode_join_code(text, fault)) require(decode_join_code(encode(*code), fault) == code);

    // Messages with two bytes of length each.
    AgentHandshake agent({"relay", {}, "ab", std::nullopt, "host", "software"}, signer, crypto);
    RelayHandshake relay({"relay", std::nullopt, "anew"}, signer, crypto);
    Message reply;
    require(!agent.start(reply));
    for (Bytes rest = input; rest.size() >= 2;) {
        const std::size_t length = std::min<std::size_t>(rest[0] * 256U + rest[1], rest.size() - 2);
        const Bytes message = rest.subspan(2, length);
        rest = rest.subspan(2 + length);
        static_cast<void>(agent.receive(message, reply));
        require(reply.size() <= longest_message);
        static_cast<void>(relay.receive(message, reply));
        require(reply.size() <= longest_message);
        require(!relay.proven() || is_agent_id(relay.agent()));
    }
    return 0;
}
