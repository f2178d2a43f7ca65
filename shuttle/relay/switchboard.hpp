// Who is connected and who may be connected with whom: the live sessions by agent, the registry's content as last read, and the one
// decision that turns a portal's words into a session. What it is not: sockets, or the registry itself.
// Thread: the network thread.
#pragma once

#include "shuttle/io/splice.hpp"
#include "shuttle/io/websocket_transport.hpp"
#include "shuttle/relay/config.hpp"
#include "shuttle/relay/quota.hpp"
#include "shuttle/relay/registry.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace shuttle::relay {

// Whoever was replaced stays away for five to six minutes (core::BackoffPolicy::refused), so two who fight take over that often.
inline constexpr std::int64_t fight_seconds = 1800;
inline constexpr unsigned suspicious_fights = 3;

struct Session {
    std::string agent;
    std::uint64_t generation = 0;
    std::string address;  // where it dials from, with port
    std::string host, software;
    std::int64_t since = 0;  // Unix seconds
    std::unique_ptr<io::Tunnel> tunnel;
    std::shared_ptr<io::WebSocketEnd> end;
    std::int64_t streams = 0;  // that portals have open
};

struct Counters {  // since the start
    std::uint64_t agents_connected = 0, agents_refused = 0, agents_replaced = 0, handshakes_failed = 0, joined = 0;
    std::uint64_t portal_connections = 0, portal_refused = 0, portal_unauthenticated = 0, streams = 0, streams_refused = 0;
    std::uint64_t over_connects = 0, over_streams = 0;  // refused with 429, by what was too much
    std::uint64_t sni_streams = 0, sni_refused = 0;
    std::uint64_t bytes_up = 0, bytes_down = 0;  // portal to agent, agent to portal
};

// What was authorised, and so what is connected; made by Switchboard::authorise() alone.
class Route {
public:
    [[nodiscard]] const std::shared_ptr<Session>& session() const { return session_; }
    [[nodiscard]] const std::shared_ptr<Quota>& agent() const { return agent_; }
    [[nodiscard]] const std::shared_ptr<Quota>& caller() const { return caller_; }

private:
    friend class Switchboard;
    std::shared_ptr<Session> session_;
    std::shared_ptr<Quota> agent_, caller_;
};

// Why not, as the portal is told. An agent that a token may not reach is told as one that does not exist.
struct Refused {
    unsigned status = 502;  // of HTTP
    std::string code;       // "agent-offline"
    std::string says;
    std::int64_t retry_after = 0;  // seconds; 0: nothing is said of it
    bool may_come = false;         // the agent had a tunnel until just now, or the relay has only begun
};

using Found = boost::system::result<Route, Refused>;

class Switchboard {
public:
    explicit Switchboard(const Config& config);

    // Takes over what the registry says and ends the sessions of those who may no longer have one.
    void learn(Everything all);
    [[nodiscard]] const AgentRecord* agent(const std::string& id) const;
    [[nodiscard]] const std::map<std::string, AgentRecord>& agents() const { return agents_; }
    // Whether it may have a session now.
    [[nodiscard]] core::VerdictCode judge(const std::string& id, const core::PublicKey& key) const;
    [[nodiscard]] bool full() const;  // for agents that have no session
    void add(AgentRecord agent);

    // The newest wins: an older session of the same agent is told and ended, without waiting. True: there was one.
    bool enter(const std::shared_ptr<Session>& session);
    bool leave(const Session& session);  // false, and nothing done, where a newer one has its place
    [[nodiscard]] const std::map<std::string, std::shared_ptr<Session>>& sessions() const { return sessions_; }
    [[nodiscard]] std::uint64_t next_generation();
    // How often an agent's session was taken over within the last fight_seconds; from suspicious_fights on its key may be on two
    // computers.
    [[nodiscard]] unsigned fights(const std::string& id, std::int64_t now) const;
    [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> take_seen();  // ended since the last call

    // Nothing: no valid token. `header` is the value of Proxy-Authorization or Authorization.
    [[nodiscard]] const TokenRecord* token(std::string_view header, std::int64_t now) const;
    // Counts a request of a token; nothing: it may go on.
    [[nodiscard]] std::optional<Refused> count(const TokenRecord& token);
    // `target`: the authority of CONNECT, the only thing that says where it goes.
    [[nodiscard]] Found authorise(const TokenRecord& token, std::string_view target);
    // Of an agent that TLS names; whoever asks came from where he may.
    [[nodiscard]] Found authorise_name(const std::string& id);
    // A connection of a route, while it lasts.
    void opened(const Route& route);
    void closed(const Route& route);

    void drain(const std::string& why);  // tells all sessions to make another one
    void end_all();
    [[nodiscard]] bool draining() const { return draining_; }
    [[nodiscard]] std::int64_t streams() const;
    [[nodiscard]] const Quotas& agent_quotas() const { return agent_quotas_; }
    [[nodiscard]] const Quotas& token_quotas() const { return token_quotas_; }
    [[nodiscard]] const std::vector<TokenRecord>& tokens() const { return tokens_; }

    Counters counters;

private:
    [[nodiscard]] Found route_to(const std::string& id, std::shared_ptr<Quota> caller);
    [[nodiscard]] Refused too_much(Quota& quota, const Allowed& why);

    const Config& config_;
    std::map<std::string, AgentRecord> agents_;
    std::vector<TokenRecord> tokens_;
    std::map<std::string, std::shared_ptr<Session>> sessions_;
    Quotas agent_quotas_, token_quotas_;
    std::shared_ptr<Quota> by_name_;               // of all that come by name together
    std::map<std::string, core::TimePoint> left_;  // when an agent's last session ended, for those that have none
    core::TimePoint begun_;
    std::map<std::string, std::vector<std::int64_t>> taken_over_;  // when, the last few
    std::map<std::string, std::int64_t> seen_;
    std::uint64_t last_generation_ = 0;
    bool draining_ = false;
};

}  // namespace shuttle::relay
