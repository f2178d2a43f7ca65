// Both sides of the identity protocol (identity.hpp) without I/O: a message in, the next message out. What it is not: the look
// into the registry; the relay's side stops before its verdict and says who has proven what.
#pragma once

#include "shuttle/core/identity_messages.hpp"

#include <system_error>

namespace shuttle::core {

enum class IdentityError {
    ok = 0,
    malformed,      // no message of this protocol, or not the one that is due
    other_version,  // the relay took a version that was not offered
    other_relay,    // it says another name than the one that was meant
    other_key,      // it has another key than the pinned one
    other_agent,    // it took us for somebody else
    bad_signature,  // what was said was not signed by that key: changed on the way, or a liar
    no_signature,   // this side could not sign or had no random numbers
    out_of_turn,    // a message after the end
};
[[nodiscard]] std::error_code make_error_code(IdentityError e) noexcept;

// What an agent knows of itself and its relay.
struct AgentIntent {
    std::string relay;      // its name
    PublicKey relay_key{};  // pinned
    std::string agent;      // own id; empty: joins with the secret
    std::optional<JoinSecret> join;
    std::string host;
    std::string software;
};

class AgentHandshake {
public:
    // Both must outlive it.
    AgentHandshake(AgentIntent intent, const Signer& signer, const Crypto& crypto);

    [[nodiscard]] std::error_code start(Message& hello);
    // Of the relay's message; `reply` is what to send next, empty at the end. Any error is final.
    [[nodiscard]] std::error_code receive(Bytes message, Message& reply);
    [[nodiscard]] bool done() const noexcept { return state_ == State::done; }  // the verdict is there, and the relay's

    // After the challenge: signed by the relay.
    [[nodiscard]] const std::optional<Challenge>& challenge() const noexcept { return challenge_; }
    [[nodiscard]] const Verdict& verdict() const noexcept { return verdict_; }  // once done()

private:
    enum class State { fresh, greeted, proven, done, failed };
    [[nodiscard]] std::error_code take_challenge(Bytes message, Message& reply);
    [[nodiscard]] std::error_code take_verdict(Bytes message);

    AgentIntent intent_;
    const Signer& signer_;
    const Crypto& crypto_;
    State state_ = State::fresh;
    std::vector<Message> said_;  // all messages so far, of both sides
    std::optional<Challenge> challenge_;
    Verdict verdict_;
};

// What a relay says of itself, and the id that an agent gets if it joins.
struct RelayFace {
    std::string name;
    std::optional<Digest> certificate;
    std::string new_agent;
};

class RelayHandshake {
public:
    RelayHandshake(RelayFace face, const Signer& signer, const Crypto& crypto);

    // Of the agent's message. An error is final; some leave a verdict in `reply` that may be sent before closing.
    [[nodiscard]] std::error_code receive(Bytes message, Message& reply);
    // The agent holds the key of hello(): now the registry says whether it may enter.
    [[nodiscard]] bool proven() const noexcept { return state_ == State::proven; }
    [[nodiscard]] const Hello& hello() const noexcept { return hello_; }
    [[nodiscard]] const std::string& agent() const noexcept { return agent_; }  // its id, or the one it gets
    // Whether the agent that joins has the secret behind this join key. Only once proven().
    [[nodiscard]] bool holds(const Digest& join_key) const;
    // The last message. Empty where it cannot be signed.
    [[nodiscard]] Message decide(Verdict verdict);

private:
    enum class State { fresh, challenged, proven, done, failed };
    [[nodiscard]] std::error_code take_hello(Bytes message, Message& reply);
    [[nodiscard]] std::error_code take_proof(Bytes message);

    RelayFace face_;
    const Signer& signer_;
    const Crypto& crypto_;
    State state_ = State::fresh;
    std::vector<Message> said_;
    Hello hello_;
    std::string agent_;
    Proof proof_;
};

}  // namespace shuttle::core

template <>
struct std::is_error_code_enum<shuttle::core::IdentityError> : std::true_type {};
