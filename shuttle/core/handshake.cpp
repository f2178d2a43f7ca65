#include "shuttle/core/handshake.hpp"

#include <algorithm>

namespace shuttle::core {
namespace {

constexpr std::string_view relay_label = "imshuttle identity 1 relay";
constexpr std::string_view agent_label = "imshuttle identity 1 agent";
constexpr std::string_view join_label = "imshuttle identity 1 join";
constexpr std::string_view verdict_label = "imshuttle identity 1 verdict";

class Category final : public std::error_category {
public:
    const char* name() const noexcept override { return "shuttle.identity"; }
    std::string message(int value) const override {
        switch (static_cast<IdentityError>(value)) {
            case IdentityError::ok:
                return "no error";
            case IdentityError::malformed:
                return "what came is no message of the identity protocol";
            case IdentityError::other_version:
                return "the relay took a version that was not offered";
            case IdentityError::other_relay:
                return "the relay has another name than the one that was meant";
            case IdentityError::other_key:
                return "the relay has another key than the one that this agent was enrolled with";
            case IdentityError::other_agent:
                return "the relay answered to another agent";
            case IdentityError::bad_signature:
                return "a signature does not hold: a message was changed on the way, or its sender has not the key that it claims";
            case IdentityError::no_signature:
                return "nothing could be signed on this side";
            case IdentityError::out_of_turn:
                return "a message came after the last one";
        }
        return "unknown error";
    }
};

// What is signed: a label, and all messages with their lengths, the last perhaps only in part.
Message transcript(std::string_view label, const std::vector<Message>& said, Bytes last = {}) {
    Message all(label.begin(), label.end());
    all.push_back(0);
    const auto add = [&all](Bytes bytes) {
        for (const unsigned shift : {24U, 16U, 8U, 0U}) all.push_back(static_cast<Byte>(bytes.size() >> shift));
        all.insert(all.end(), bytes.begin(), bytes.end());
    };
    for (const Message& message : said) add(message);
    if (!last.empty()) add(last);
    return all;
}

// Puts the signature at the end of an encoded message, whose last bytes are kept for it.
[[nodiscard]] bool sign(Message& message, std::string_view label, const std::vector<Message>& said, const Signer& signer) {
    const auto signature = signer.sign(transcript(label, said, signed_part(message)));
    if (!signature) return false;
    std::copy(signature->begin(), signature->end(), message.end() - static_cast<std::ptrdiff_t>(signature->size()));
    return true;
}

}  // namespace

std::error_code make_error_code(IdentityError e) noexcept {
    static const Category category;
    return {static_cast<int>(e), category};
}

AgentHandshake::AgentHandshake(AgentIntent intent, const Signer& signer, const Crypto& crypto)
    : intent_(std::move(intent)), signer_(signer), crypto_(crypto) {}

std::error_code AgentHandshake::start(Message& hello) {
    if (state_ != State::fresh) return IdentityError::out_of_turn;
    Hello words;
    if (!crypto_.random(words.nonce)) {
        state_ = State::failed;
        return IdentityError::no_signature;
    }
    words.key = signer_.public_key();
    words.relay = intent_.relay;
    words.agent = intent_.agent;
    if (words.agent.empty() && intent_.join) words.join_id = join_id_of(*intent_.join, crypto_);
    words.host = intent_.host;
    words.software = intent_.software;
    hello = encode(words);
    said_.push_back(hello);
    state_ = State::greeted;
    return {};
}

std::error_code AgentHandshake::receive(Bytes message, Message& reply) {
    reply.clear();
    if (state_ != State::greeted && state_ != State::proven) return IdentityError::out_of_turn;
    const bool last = state_ == State::proven || is_verdict(message);
    const auto error = last ? take_verdict(message) : take_challenge(message, reply);
    if (error) state_ = State::failed;
    return error;
}

std::error_code AgentHandshake::take_challenge(Bytes message, Message& reply) {
    auto challenge = decode_challenge(message);
    if (!challenge) return IdentityError::malformed;
    if (challenge->key != intent_.relay_key) return IdentityError::other_key;
    if (!crypto_.verify(intent_.relay_key, transcript(relay_label, said_, signed_part(message)), challenge->signature))
        return IdentityError::bad_signature;
    if (challenge->version < lowest_version || challenge->version > highest_version) return IdentityError::other_version;
    if (challenge->relay != intent_.relay) return IdentityError::other_relay;
    if (!intent_.agent.empty() && challenge->agent != intent_.agent) return IdentityError::other_agent;
    challenge_ = std::move(challenge);
    said_.emplace_back(message.begin(), message.end());
    Proof proof;
    if (intent_.agent.empty() && intent_.join)
        proof.join = crypto_.hmac_sha256(join_key_of(*intent_.join, crypto_), transcript(join_label, said_));
    reply = encode(proof);
    if (!sign(reply, agent_label, said_, signer_)) return IdentityError::no_signature;
    said_.push_back(reply);
    state_ = State::proven;
    return {};
}

std::error_code AgentHandshake::take_verdict(Bytes message) {
    auto verdict = decode_verdict(message);
    if (!verdict) return IdentityError::malformed;
    if (!crypto_.verify(intent_.relay_key, transcript(verdict_label, said_, signed_part(message)), verdict->signature))
        return IdentityError::bad_signature;
    // Nobody is welcome who has proven nothing: a relay that says so is broken.
    if (is_welcome(verdict->code) && state_ != State::proven) return IdentityError::malformed;
    verdict_ = std::move(*verdict);
    state_ = State::done;
    return {};
}

RelayHandshake::RelayHandshake(RelayFace face, const Signer& signer, const Crypto& crypto)
    : face_(std::move(face)), signer_(signer), crypto_(crypto) {}

std::error_code RelayHandshake::receive(Bytes message, Message& reply) {
    reply.clear();
    if (state_ != State::fresh && state_ != State::challenged) return IdentityError::out_of_turn;
    const auto error = state_ == State::fresh ? take_hello(message, reply) : take_proof(message);
    if (error) state_ = State::failed;
    return error;
}

std::error_code RelayHandshake::take_hello(Bytes message, Message& reply) {
    auto hello = decode_hello(message);
    if (!hello) return IdentityError::malformed;
    hello_ = std::move(*hello);
    said_.emplace_back(message.begin(), message.end());
    if (hello_.lowest > highest_version || hello_.highest < lowest_version) {
        Verdict verdict;
        verdict.code = VerdictCode::version;
        verdict.text = "This relay speaks no version of the protocol that the agent offers.";
        reply = decide(std::move(verdict));
        return IdentityError::other_version;
    }
    agent_ = hello_.agent.empty() ? face_.new_agent : hello_.agent;
    Challenge challenge;
    challenge.version = std::min(hello_.highest, highest_version);
    challenge.key = signer_.public_key();
    challenge.relay = face_.name;
    challenge.agent = agent_;
    challenge.certificate = face_.certificate;
    if (!crypto_.random(challenge.nonce)) return IdentityError::no_signature;
    reply = encode(challenge);
    if (!sign(reply, relay_label, said_, signer_)) {
        reply.clear();
        return IdentityError::no_signature;
    }
    said_.push_back(reply);
    state_ = State::challenged;
    return {};
}

std::error_code RelayHandshake::take_proof(Bytes message) {
    const auto proof = decode_proof(message);
    if (!proof || proof->join.has_value() != hello_.join_id.has_value()) return IdentityError::malformed;
    if (!crypto_.verify(hello_.key, transcript(agent_label, said_, signed_part(message)), proof->signature))
        return IdentityError::bad_signature;
    proof_ = *proof;
    said_.emplace_back(message.begin(), message.end());
    state_ = State::proven;
    return {};
}

bool RelayHandshake::holds(const Digest& join_key) const {
    if (!proof_.join || said_.size() != 3) return false;
    return same_digest(*proof_.join, crypto_.hmac_sha256(join_key, transcript(join_label, {said_[0], said_[1]})));
}

Message RelayHandshake::decide(Verdict verdict) {
    Message message = encode(verdict);
    if (!sign(message, verdict_label, said_, signer_)) message.clear();
    state_ = State::done;
    return message;
}

}  // namespace shuttle::core
