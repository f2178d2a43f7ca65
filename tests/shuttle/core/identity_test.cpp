#include "shuttle/core/handshake.hpp"
#include "shuttle/core/join_code.hpp"
#include "shuttle/io/keys.hpp"

#include <catch2/catch.hpp>

using namespace shuttle::core;
using shuttle::io::Key;

namespace {

// An agent and a relay who know each other; each test bends one thing.
struct Pair {
    AgentIntent intent{"relay.example", {}, "a1b2c3", std::nullopt, "SRV1", "imconnector 1.0"};
    RelayFace face{"relay.example", Digest{7}, "anew1"};

    Pair() { intent.relay_key = relay_key->public_key(); }

    // All messages up to the relay's verdict; the first error of either side ends it.
    void play(VerdictCode code = VerdictCode::welcome) {
        AgentHandshake a(intent, *agent_key, crypto);
        RelayHandshake r(face, *said_key, crypto);
        agent = &a;
        relay = &r;
        Message hello, challenge, proof, nothing;
        REQUIRE_FALSE(a.start(hello));
        bend(hello);
        relay_error = r.receive(hello, challenge);
        if (relay_error && challenge.empty()) return;
        bend(challenge);
        agent_error = a.receive(challenge, proof);
        done = a.done();
        if (agent_error || relay_error || done) return finish();
        bend(proof);
        relay_error = r.receive(proof, nothing);
        if (relay_error) return finish();
        holds = r.holds(join_key_of(expected, crypto));
        Message verdict = r.decide({code, 30, 7, "so be it", {}});
        bend(verdict);
        agent_error = a.receive(verdict, nothing);
        done = a.done();
        finish();
    }
    void finish() {
        told = agent->verdict();
        challenge_seen = agent->challenge();
        hello_seen = relay->hello();
        id = relay->agent();
    }
    // Changes byte `at` of message number `which`.
    void bend(Message& message) {
        if (count++ == which && at < message.size()) message[at] = static_cast<Byte>(message[at] ^ 1U);
        sizes.push_back(message.size());
    }

    shuttle::io::OpenSslCrypto crypto;
    std::unique_ptr<Key> agent_key = Key::make();
    std::unique_ptr<Key> relay_key_owner = Key::make();
    Key* relay_key = relay_key_owner.get();
    Key* said_key = relay_key;
    JoinSecret expected{1, 2, 3};
    AgentHandshake* agent = nullptr;
    RelayHandshake* relay = nullptr;
    std::error_code agent_error, relay_error;
    bool done = false, holds = false;
    Verdict told;
    std::optional<Challenge> challenge_seen;
    Hello hello_seen;
    std::string id;
    int count = 0, which = -1;
    std::size_t at = 0;
    std::vector<std::size_t> sizes;
};

}  // namespace

TEST_CASE("An agent and a relay who know each other agree, and the agent learns which certificate the relay shows") {
    Pair pair;
    pair.play();
    CHECK_FALSE(pair.agent_error);
    CHECK_FALSE(pair.relay_error);
    REQUIRE(pair.done);
    CHECK(pair.told.code == VerdictCode::welcome);
    CHECK(pair.told.generation == 7);
    CHECK(pair.challenge_seen->certificate == Digest{7});
    CHECK(pair.hello_seen.host == "SRV1");
    CHECK(pair.hello_seen.key == pair.agent_key->public_key());
    for (const auto size : pair.sizes) CHECK(size <= longest_message);
}

TEST_CASE("Whatever bit of whatever message is changed on the way, one of the two notices") {
    Pair whole;
    whole.play();
    for (int which = 0; which < 4; ++which) {
        for (std::size_t at = 0; at < whole.sizes[static_cast<std::size_t>(which)]; ++at) {
            Pair pair;
            pair.which = which;
            pair.at = at;
            pair.play();
            INFO("message " << which << ", byte " << at);
            CHECK((pair.agent_error || pair.relay_error));
            CHECK_FALSE((pair.done && !pair.agent_error && is_welcome(pair.told.code)));
        }
    }
}

TEST_CASE("A relay with another key or another name is refused before anything is proven to it") {
    Pair stranger;
    const auto other = Key::make();
    stranger.said_key = other.get();
    stranger.play();
    CHECK(stranger.agent_error == IdentityError::other_key);
    CHECK(stranger.sizes.size() == 2);

    Pair renamed;
    renamed.face.name = "other.example";
    renamed.play();
    CHECK(renamed.agent_error == IdentityError::other_relay);
}

TEST_CASE("A relay that claims the pinned key without having it is noticed") {
    Pair pair;
    const auto other = Key::make();
    // Says the right key, signs with its own.
    class Liar final : public Signer {
    public:
        Liar(const Signer& claimed, const Signer& own) : claimed_(claimed), own_(own) {}
        const PublicKey& public_key() const override { return claimed_.public_key(); }
        std::optional<Signature> sign(Bytes message) const override { return own_.sign(message); }

    private:
        const Signer& claimed_;
        const Signer& own_;
    } liar(*pair.relay_key, *other);
    AgentHandshake agent(pair.intent, *pair.agent_key, pair.crypto);
    RelayHandshake relay(pair.face, liar, pair.crypto);
    Message hello, challenge, proof;
    REQUIRE_FALSE(agent.start(hello));
    REQUIRE_FALSE(relay.receive(hello, challenge));
    CHECK(agent.receive(challenge, proof) == IdentityError::bad_signature);
}

TEST_CASE("A proof that was recorded opens no later session: the nonces of both sides are in it") {
    Pair pair;
    AgentHandshake agent(pair.intent, *pair.agent_key, pair.crypto);
    RelayHandshake first(pair.face, *pair.relay_key, pair.crypto);
    Message hello, challenge, proof, ignored;
    REQUIRE_FALSE(agent.start(hello));
    REQUIRE_FALSE(first.receive(hello, challenge));
    REQUIRE_FALSE(agent.receive(challenge, proof));
    RelayHandshake second(pair.face, *pair.relay_key, pair.crypto);
    Message other_challenge;
    REQUIRE_FALSE(second.receive(hello, other_challenge));
    CHECK(second.receive(proof, ignored) == IdentityError::bad_signature);
    CHECK_FALSE(second.proven());
}

TEST_CASE("Joining: the relay gives the id, and only who has the secret proves it, with its own key") {
    Pair pair;
    pair.intent.agent.clear();
    pair.intent.join = pair.expected;
    pair.play();
    REQUIRE(pair.done);
    CHECK(pair.holds);
    CHECK(pair.id == "anew1");
    CHECK(pair.challenge_seen->agent == "anew1");
    CHECK(pair.hello_seen.join_id == join_id_of(pair.expected, pair.crypto));

    Pair guessing;
    guessing.intent.agent.clear();
    guessing.intent.join = JoinSecret{9};
    guessing.play();
    CHECK_FALSE(guessing.holds);
}

TEST_CASE("Refusals are signed, and a relay that welcomes whom it has not asked is broken") {
    Pair revoked;
    revoked.play(VerdictCode::revoked);
    REQUIRE(revoked.done);
    CHECK(revoked.told.code == VerdictCode::revoked);
    CHECK(is_refusal(revoked.told.code));
    CHECK_FALSE(is_refusal(VerdictCode::busy));

    Pair pair;
    AgentHandshake agent(pair.intent, *pair.agent_key, pair.crypto);
    RelayHandshake relay(pair.face, *pair.relay_key, pair.crypto);
    Message hello, challenge, ignored;
    REQUIRE_FALSE(agent.start(hello));
    CHECK(agent.receive(encode(Verdict{VerdictCode::revoked, 0, 0, "forged", {}}), ignored) == IdentityError::bad_signature);
    CHECK(agent.receive(hello, ignored) == IdentityError::out_of_turn);
}

TEST_CASE("Versions: an agent that speaks only a later one is told so by a signed verdict") {
    Pair pair;
    shuttle::io::OpenSslCrypto crypto;
    Hello hello;
    hello.lowest = 9;
    hello.highest = 12;
    hello.agent = "a1b2c3";
    RelayHandshake relay(pair.face, *pair.relay_key, crypto);
    Message reply;
    CHECK(relay.receive(encode(hello), reply) == IdentityError::other_version);
    const auto verdict = decode_verdict(reply);
    REQUIRE(verdict);
    CHECK(verdict->code == VerdictCode::version);
}

TEST_CASE("A hello of a later version may say more than this relay understands") {
    Hello hello;
    hello.agent = "a1b2c3";
    hello.highest = 3;
    Message longer = encode(hello);
    longer.insert(longer.end(), {1, 2, 3});
    CHECK(decode_hello(longer) == hello);
    Message too_long = encode(hello);
    too_long.resize(longest_message + 1);
    CHECK_FALSE(decode_hello(too_long));
    hello.agent = "A/../b";
    CHECK_FALSE(decode_hello(encode(hello)));
    hello.agent.clear();
    CHECK_FALSE(decode_hello(encode(hello)));  // neither an agent nor one that joins
}

TEST_CASE("A join code survives being copied by people, and a slip is noticed") {
    const JoinCode code{PublicKey{1, 2, 250}, JoinSecret{3, 255}, "relay one", "relay.example:443"};
    const std::string text = encode(code);
    CHECK(text.starts_with("imj1"));
    JoinCodeFault fault{};
    CHECK(decode_join_code(text, fault) == code);
    std::string written = " " + text.substr(0, 20) + "\r\n  " + text.substr(20) + "\n";
    for (char& c : written) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    CHECK(decode_join_code(written, fault) == code);
    for (std::size_t at = 4; at < text.size(); ++at) {
        std::string slip = text;
        slip[at] = slip[at] == '7' ? '8' : '7';
        const auto read = decode_join_code(slip, fault);
        INFO(at);
        // The last character has bits that mean nothing.
        CHECK((!read || at + 1 == text.size()));
    }
    CHECK_FALSE(decode_join_code("imj2" + text.substr(4), fault));
    CHECK(fault == JoinCodeFault::other_version);
    CHECK_FALSE(decode_join_code("hello", fault));
    CHECK(fault == JoinCodeFault::not_a_code);
    CHECK_FALSE(decode_join_code(text.substr(0, 60), fault));
    CHECK(fault == JoinCodeFault::damaged);
    CHECK_FALSE(decode_join_code(std::string(5'000, 'i'), fault));
}

TEST_CASE("Hosts and ports") {
    CHECK(parse_host_port("relay.example:443")->host == "relay.example");
    CHECK(parse_host_port("[::1]:8443")->host == "::1");
    CHECK(parse_host_port("[::1]:8443")->port == 8443);
    for (const char* bad :
         {"", ":443", "relay.example", "relay.example:", "relay.example:0", "relay.example:65536", "::1:443", "a b:1", "a:1x"}) {
        INFO(bad);
        CHECK_FALSE(parse_host_port(bad));
    }
}

TEST_CASE("Ids of agents are labels of host names") {
    CHECK(is_agent_id("a7k2m9"));
    const std::vector<std::string> refused{"", "a", "7abc", "Abc", "a-b", "a.b", "a b", std::string(41, 'a')};
    for (const std::string& bad : refused) {
        INFO(bad);
        CHECK_FALSE(is_agent_id(bad));
    }
}
