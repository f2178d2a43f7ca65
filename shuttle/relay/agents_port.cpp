// The port that agents dial: TLS, WebSocket, identity, then their tunnel until it ends.
#include "shuttle/core/handshake.hpp"
#include "shuttle/core/join_code.hpp"
#include "shuttle/io/websocket_accept.hpp"
#include "shuttle/relay/relay_impl.hpp"

#include <boost/asio/as_tuple.hpp>

namespace shuttle::relay {

namespace asio = boost::asio;
using core::VerdictCode;

namespace {

constexpr std::uint32_t come_back_seconds = 5;
// Bytes that one agent can make the relay hold: these, or the first window of each stream where that is more
// (limits.streams_per_agent + 16 of 256 KiB: 36 MiB as configured by default).
constexpr std::size_t least_receive_budget = 24u << 20;

std::string new_agent_id() {
    std::array<core::Byte, 8> bytes{};
    static_cast<void>(io::OpenSslCrypto().random(bytes));
    std::string id = "a" + core::base32(bytes);
    return id.substr(0, 12);
}

core::Verdict verdict_of(VerdictCode code, std::string text) {
    core::Verdict verdict;
    verdict.code = code;
    verdict.text = std::move(text);
    if (code == VerdictCode::busy || code == VerdictCode::draining || code == VerdictCode::failed) verdict.wait_seconds = come_back_seconds;
    return verdict;
}

std::string sentence_of(VerdictCode code) {
    switch (code) {
        case VerdictCode::unknown_agent:
            return "This relay does not know the agent.";
        case VerdictCode::wrong_key:
            return "The agent's id belongs to another key.";
        case VerdictCode::revoked:
            return "The agent was revoked.";
        case VerdictCode::bad_join_code:
            return "The join code is not, or no longer, valid.";
        case VerdictCode::busy:
            return "The relay has as many agents as it may have.";
        case VerdictCode::draining:
            return "The relay stops.";
        case VerdictCode::failed:
            return "The relay could not look into its registry.";
        default:
            return {};
    }
}

asio::awaitable<bool> shake_hands(io::TlsStream& stream) {
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, asio::as_tuple(asio::use_awaitable));
    co_return !error;
}

// Hello, challenge, proof. False: it is over.
asio::awaitable<bool> converse(io::WebSocketTransport& transport, core::RelayHandshake& handshake) {
    core::Message reply;
    while (!handshake.proven()) {
        const auto message = co_await transport.read_message();
        if (!message) co_return false;
        const auto wrong = handshake.receive(*message, reply);
        if (!reply.empty()) {
            const auto unsent = co_await transport.write(reply);
            if (unsent) co_return false;
        }
        if (wrong) co_return false;
    }
    co_return true;
}

}  // namespace

asio::awaitable<void> Relay::Impl::serve_agent(std::shared_ptr<Socket> socket, std::string peer) {
    const auto limit = std::chrono::seconds(config.handshake_seconds);
    io::TlsStream stream(std::move(*socket), *agents_tls);
    const auto shaken = co_await io::within(limit, shake_hands(stream));
    if (!shaken || !*shaken) {
        ++board.counters.handshakes_failed;
        co_return;
    }
    auto accepted = co_await io::within(limit, io::accept_websocket(std::move(stream)));
    if (!accepted || !*accepted) {
        ++board.counters.handshakes_failed;
        log(Level::debug, "no agent from " + peer + ": " + (accepted ? accepted->error() : std::string("too slow")));
        co_return;
    }
    auto transport = std::move(**accepted);
    core::RelayFace face{config.name, agents_certificate, new_agent_id()};
    core::RelayHandshake handshake(std::move(face), *material.key, crypto);
    const auto conversed = co_await io::within(limit, converse(*transport, handshake));
    if (!conversed || !*conversed) {
        ++board.counters.handshakes_failed;
        log(Level::info, "from " + peer + " came nobody who proved an identity");
        co_return;
    }
    auto session = std::make_shared<Session>();
    core::Verdict verdict = co_await decide(handshake, peer);
    session->generation = verdict.generation = board.next_generation();
    const bool welcome = core::is_welcome(verdict.code);
    if (welcome && board.sessions().contains(handshake.agent())) verdict.code = VerdictCode::replacing;
    const auto message = handshake.decide(std::move(verdict));
    const auto told = co_await io::within(limit, transport->write(message));
    if (!welcome || !told || *told) {
        if (!welcome) ++board.counters.agents_refused;
        const bool said = co_await io::within(std::chrono::seconds(1), transport->say_goodbye());
        static_cast<void>(said);
        co_return;
    }
    session->agent = handshake.agent();
    session->address = peer;
    session->host = handshake.hello().host;
    session->software = handshake.hello().software;
    session->since = unix_now();
    session->end = transport->end();
    core::Limits limits;
    limits.max_streams = static_cast<std::size_t>(config.streams_per_agent) + 16;
    limits.receive_budget = std::max<std::size_t>(least_receive_budget, limits.max_streams * core::initial_window);
    session->tunnel = std::make_unique<io::Tunnel>(network, std::move(transport), core::Role::server, limits);
    // It may have been revoked while it was told that it is welcome.
    if (board.judge(session->agent, handshake.hello().key) == VerdictCode::revoked) co_return;
    const bool replaced = board.enter(session);
    health.up(session->agent, session->since);
    log(Level::info, "agent " + session->agent + " (" + session->host + ") connected from " + peer);
    const auto fights = board.fights(session->agent, session->since);
    if (replaced && fights >= suspicious_fights)
        log(Level::warning, "agent " + session->agent + " was taken over " + std::to_string(fights) +
                                " times within half an hour; its key may be on two computers");
    struct Leave {
        Impl& impl;
        const Session& session;
        ~Leave() {
            if (impl.board.leave(session)) impl.health.down(session.agent, unix_now());
        }
    };
    const Leave leave{*this, *session};
    const auto why = co_await session->tunnel->run();
    log(Level::info, "agent " + session->agent + " from " + peer + " is gone: " + why.message());
}

asio::awaitable<core::Verdict> Relay::Impl::decide(core::RelayHandshake& handshake, const std::string& peer) {
    if (handshake.hello().join_id) co_return co_await let_join(handshake, peer);
    const auto code = board.judge(handshake.agent(), handshake.hello().key);
    if (core::is_refusal(code))
        log(Level::warning, "agent " + handshake.agent() + " from " + peer + " is refused: " + std::string(core::word_of(code)));
    co_return verdict_of(code, sentence_of(code));
}

asio::awaitable<core::Verdict> Relay::Impl::let_join(core::RelayHandshake& handshake, const std::string& peer) {
    if (board.draining()) co_return verdict_of(VerdictCode::draining, sentence_of(VerdictCode::draining));
    if (board.full()) co_return verdict_of(VerdictCode::busy, sentence_of(VerdictCode::busy));  // the code stays good
    const auto id = *handshake.hello().join_id;
    auto find = [id, now = unix_now()](Registry& book) { return book.find_join(id, now); };
    const auto found = co_await with_registry(std::move(find));
    if (!found) {
        log(Level::error, "the registry cannot be read: " + found.error());
        co_return verdict_of(VerdictCode::failed, sentence_of(VerdictCode::failed));
    }
    if (!*found || !handshake.holds((*found)->key)) {
        log(Level::warning, "somebody from " + peer + " wanted to join without a valid join code");
        co_return verdict_of(VerdictCode::bad_join_code, sentence_of(VerdictCode::bad_join_code));
    }
    AgentRecord agent;
    agent.id = handshake.agent();
    agent.key = handshake.hello().key;
    agent.group = (*found)->group;
    agent.host = handshake.hello().host;
    agent.joined = unix_now();
    auto enrol = [id, agent, peer](Registry& book) { return book.enrol(id, agent, peer, agent.joined); };
    const auto enrolled = co_await with_registry(std::move(enrol));
    if (!enrolled) {
        log(Level::error, "the registry cannot be written: " + enrolled.error());
        co_return verdict_of(VerdictCode::failed, sentence_of(VerdictCode::failed));
    }
    if (!*enrolled) co_return verdict_of(VerdictCode::bad_join_code, sentence_of(VerdictCode::bad_join_code));
    ++board.counters.joined;
    log(Level::info, "agent " + agent.id + " (" + agent.host + ") has joined the group " + agent.group + " from " + peer);
    board.add(std::move(agent));
    agents_changed = true;
    co_return verdict_of(VerdictCode::welcome, "Welcome.");
}

}  // namespace shuttle::relay
