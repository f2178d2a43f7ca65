#include "shuttle/core/identity_messages.hpp"

#include <algorithm>

namespace shuttle::core {
namespace {

enum Kind : Byte { hello_kind = 1, challenge_kind = 2, proof_kind = 3, verdict_kind = 4 };

constexpr std::size_t longest_relay = 100;
constexpr std::size_t longest_told = 64;  // host, software
constexpr std::size_t longest_text = 200;

bool printable(char c) noexcept {
    return c >= 0x20 && c < 0x7F;
}

class Writer {
public:
    explicit Writer(Byte kind) { out_.push_back(kind); }
    Writer& number(std::uint64_t value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out_.push_back(static_cast<Byte>(value >> static_cast<unsigned>(shift)));
        return *this;
    }
    Writer& raw(Bytes bytes) {
        out_.insert(out_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    Writer& text(std::string_view text, std::size_t longest) {
        text = text.substr(0, longest);
        out_.push_back(static_cast<Byte>(text.size()));
        for (const char c : text) out_.push_back(static_cast<Byte>(printable(c) ? c : '?'));
        return *this;
    }
    template <std::size_t size>
    Writer& maybe(const std::optional<std::array<Byte, size>>& value) {
        out_.push_back(value ? static_cast<Byte>(size) : Byte{0});
        return value ? raw(*value) : *this;
    }
    Message done() { return std::move(out_); }

private:
    Message out_;
};

// After the first thing that does not fit all others are empty and well() is false.
class Reader {
public:
    Reader(Bytes message, Byte kind) : rest_(message) {
        if (message.size() > longest_message || number(1) != kind) well_ = false;
    }
    std::uint64_t number(std::size_t bytes) {
        std::uint64_t value = 0;
        for (const Byte byte : take(bytes)) value = value << 8U | byte;
        return value;
    }
    template <std::size_t size>
    void raw(std::array<Byte, size>& target) {
        const Bytes bytes = take(size);
        std::copy(bytes.begin(), bytes.end(), target.begin());
    }
    std::string text(std::size_t longest) {
        const auto size = static_cast<std::size_t>(number(1));
        if (size > longest) well_ = false;
        const Bytes bytes = take(size);
        std::string text(bytes.begin(), bytes.end());
        if (!std::all_of(text.begin(), text.end(), printable)) well_ = false;
        return text;
    }
    template <std::size_t size>
    void maybe(std::optional<std::array<Byte, size>>& target) {
        const auto have = number(1);
        if (have == 0) return;
        if (have != size) well_ = false;
        raw(target.emplace());
    }
    [[nodiscard]] bool well() const noexcept { return well_; }
    [[nodiscard]] bool at_end() const noexcept { return well_ && rest_.empty(); }

private:
    Bytes take(std::size_t count) {
        if (!well_ || rest_.size() < count) {
            well_ = false;
            return {};
        }
        const Bytes taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    Bytes rest_;
    bool well_ = true;
};

}  // namespace

Message encode(const Hello& hello) {
    return Writer(hello_kind)
        .number(hello.lowest, 1)
        .number(hello.highest, 1)
        .raw(hello.nonce)
        .raw(hello.key)
        .text(hello.relay, longest_relay)
        .text(hello.agent, longest_agent_id)
        .maybe(hello.join_id)
        .text(hello.host, longest_told)
        .text(hello.software, longest_told)
        .done();
}

Message encode(const Challenge& challenge) {
    return Writer(challenge_kind)
        .number(challenge.version, 1)
        .raw(challenge.nonce)
        .raw(challenge.key)
        .text(challenge.relay, longest_relay)
        .text(challenge.agent, longest_agent_id)
        .maybe(challenge.certificate)
        .raw(challenge.signature)
        .done();
}

Message encode(const Proof& proof) {
    return Writer(proof_kind).maybe(proof.join).raw(proof.signature).done();
}

Message encode(const Verdict& verdict) {
    return Writer(verdict_kind)
        .number(static_cast<Byte>(verdict.code), 1)
        .number(verdict.wait_seconds, 4)
        .number(verdict.generation, 8)
        .text(verdict.text, longest_text)
        .raw(verdict.signature)
        .done();
}

std::optional<Hello> decode_hello(Bytes message) {
    Reader reader(message, hello_kind);
    Hello hello;
    hello.lowest = static_cast<Byte>(reader.number(1));
    hello.highest = static_cast<Byte>(reader.number(1));
    reader.raw(hello.nonce);
    reader.raw(hello.key);
    hello.relay = reader.text(longest_relay);
    hello.agent = reader.text(longest_agent_id);
    reader.maybe(hello.join_id);
    hello.host = reader.text(longest_told);
    hello.software = reader.text(longest_told);
    const bool joins = hello.agent.empty();
    if (!reader.well() || hello.lowest > hello.highest || joins != hello.join_id.has_value()) return std::nullopt;
    if (!joins && !is_agent_id(hello.agent)) return std::nullopt;
    return hello;
}

std::optional<Challenge> decode_challenge(Bytes message) {
    Reader reader(message, challenge_kind);
    Challenge challenge;
    challenge.version = static_cast<Byte>(reader.number(1));
    reader.raw(challenge.nonce);
    reader.raw(challenge.key);
    challenge.relay = reader.text(longest_relay);
    challenge.agent = reader.text(longest_agent_id);
    reader.maybe(challenge.certificate);
    reader.raw(challenge.signature);
    if (!reader.at_end() || !is_agent_id(challenge.agent)) return std::nullopt;
    return challenge;
}

std::optional<Proof> decode_proof(Bytes message) {
    Reader reader(message, proof_kind);
    Proof proof;
    reader.maybe(proof.join);
    reader.raw(proof.signature);
    if (!reader.at_end()) return std::nullopt;
    return proof;
}

std::optional<Verdict> decode_verdict(Bytes message) {
    Reader reader(message, verdict_kind);
    Verdict verdict;
    const auto code = static_cast<Byte>(reader.number(1));
    verdict.code = static_cast<VerdictCode>(code);
    verdict.wait_seconds = static_cast<std::uint32_t>(reader.number(4));
    verdict.generation = reader.number(8);
    verdict.text = reader.text(longest_text);
    reader.raw(verdict.signature);
    if (!reader.at_end() || !known(code)) return std::nullopt;
    return verdict;
}

bool is_verdict(Bytes message) noexcept {
    return !message.empty() && message.front() == verdict_kind;
}

Bytes signed_part(Bytes message) noexcept {
    return message.first(message.size() - std::min(message.size(), std::tuple_size_v<Signature>));
}

}  // namespace shuttle::core
