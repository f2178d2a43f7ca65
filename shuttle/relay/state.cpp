// What the relay says of itself: the state file's JSON and Prometheus' text.
#include "shuttle/relay/relay_impl.hpp"

#include <nlohmann/json.hpp>

namespace shuttle::relay {

using nlohmann::json;

namespace {

constexpr std::size_t most_series = 1'000;

double seconds_of(core::Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

// One line of each kind for each token; names of people's choice stay out of it.
void add_quotas(std::string& out, const Switchboard& board) {
    const auto each = [&](const char* name, const char* type, const char* help, auto value_of) {
        const std::string full = std::string("imshuttle_token_") + name;
        out += "# HELP " + full + " " + help + "\n# TYPE " + full + " " + type + "\n";
        std::size_t count = 0;
        for (const auto& [id, quota] : board.token_quotas().all()) {
            if (++count > most_series) break;
            out += full + "{token=\"" + id + "\"} " + std::to_string(value_of(*quota)) + "\n";
        }
    };
    each("streams", "gauge", "Connections of a token, now.", [](const Quota& q) { return q.streams; });
    each("streams_total", "counter", "Connections of a token.", [](const Quota& q) { return q.connected; });
    each("refusals_total", "counter", "Requests of a token answered with 429.", [](const Quota& q) { return q.refused; });
    each("to_agents_bytes_total", "counter", "Bytes of a token to agents.", [](const Quota& q) { return q.bytes_up; });
    each("from_agents_bytes_total", "counter", "Bytes of a token from agents.", [](const Quota& q) { return q.bytes_down; });
    each("held_up_seconds_total", "counter", "How long connections of a token waited for its bytes a second.",
         [](const Quota& q) { return seconds_of(q.held_up); });
    double held = 0;
    std::uint64_t refused = 0;
    for (const auto& [id, quota] : board.agent_quotas().all()) {
        held += seconds_of(quota->held_up);
        refused += quota->refused;
    }
    out +=
        "# HELP imshuttle_agent_held_up_seconds_total How long connections waited for agents' bytes a second.\n"
        "# TYPE imshuttle_agent_held_up_seconds_total counter\nimshuttle_agent_held_up_seconds_total " +
        std::to_string(held) +
        "\n# HELP imshuttle_agent_limit_refusals_total Connections answered with 429 for an agent's limits.\n"
        "# TYPE imshuttle_agent_limit_refusals_total counter\nimshuttle_agent_limit_refusals_total " +
        std::to_string(refused) + "\n";
}

}  // namespace

std::string metrics_of(const Relay::Impl& relay) {
    const auto& c = relay.board.counters;
    std::string out;
    const auto add = [&out](const char* name, const char* type, const char* help, std::uint64_t value) {
        const std::string full = std::string("imshuttle_") + name;
        out += "# HELP " + full + " " + help + "\n# TYPE " + full + " " + type + "\n" + full + " " + std::to_string(value) + "\n";
    };
    add("agents", "gauge", "Agents with a tunnel now.", relay.board.sessions().size());
    add("streams", "gauge", "Connections into agents now.", static_cast<std::uint64_t>(relay.board.streams()));
    add("draining", "gauge", "1 while the relay stops.", relay.board.draining() ? 1 : 0);
    add("registry_unreadable", "gauge", "1 while the registry cannot be read: revocations are not followed.",
        relay.registry_problem.empty() ? 0 : 1);
    add("agent_connects_total", "counter", "Tunnels made since the start.", c.agents_connected);
    add("agent_replacements_total", "counter", "Tunnels ended for a newer one of the same agent.", c.agents_replaced);
    add("agent_refusals_total", "counter", "Agents turned away.", c.agents_refused);
    add("agent_handshake_failures_total", "counter", "Connections that proved no identity.", c.handshakes_failed);
    add("agent_joins_total", "counter", "Agents that joined with a join code.", c.joined);
    add("portal_connections_total", "counter", "Connections to the portal's port.", c.portal_connections);
    add("portal_refusals_total", "counter", "Of these, beyond the limits.", c.portal_refused);
    add("portal_unauthenticated_total", "counter", "Requests without a valid token.", c.portal_unauthenticated);
    add("streams_total", "counter", "Connections into agents since the start.", c.streams);
    add("stream_refusals_total", "counter", "Connections into agents that were refused.", c.streams_refused);
    add("to_agents_bytes_total", "counter", "Bytes from portals to agents.", c.bytes_up);
    add("from_agents_bytes_total", "counter", "Bytes from agents to portals.", c.bytes_down);
    add("over_connects_total", "counter", "Requests answered with 429: too many in a second.", c.over_connects);
    add("over_streams_total", "counter", "Requests answered with 429: too many connections open.", c.over_streams);
    add("sni_streams_total", "counter", "Connections passed through by their name.", c.sni_streams);
    add("sni_refusals_total", "counter", "Connections by name that were not.", c.sni_refused);
    add("agents_flapping", "gauge", "Agents that come and go.", relay.health.flapping());
    add("events_total", "counter", "Events of agents: online, offline, flapping.", relay.events_told);
    add("webhook_deliveries_total", "counter", "Messages that webhooks took.", relay.hooks_delivered);
    add("webhook_failures_total", "counter", "Tries that failed.", relay.hooks_failed);
    add("webhook_waiting", "gauge", "Messages that wait.", static_cast<std::uint64_t>(relay.hooks_waiting));
    add_quotas(out, relay.board);
    return out;
}

std::string Relay::metrics() const {
    return metrics_of(*impl_);
}

std::uint64_t Relay::changes() const {
    const auto& board = impl_->board;
    // Each of them only grows, or leaves a number that grows behind when it falls.
    const std::uint64_t agents = 2 * board.counters.agents_connected - board.sessions().size();
    return agents + (board.draining() ? 1 : 0) + impl_->registry_turns;
}

json Relay::state() const {
    const auto& board = impl_->board;
    const auto now = unix_now();
    json sessions = json::array();
    for (const auto& [id, session] : board.sessions()) {
        const auto trip = session->tunnel->session().round_trip().last();
        sessions.push_back({{"agent", id},
                            {"address", session->address},
                            {"host", session->host},
                            {"software", session->software},
                            {"since", session->since},
                            {"generation", session->generation},
                            {"streams", session->streams},
                            {"round_trip_us", trip ? json(std::chrono::duration_cast<std::chrono::microseconds>(*trip).count()) : json()},
                            {"taken_over", board.fights(id, now)}});
    }
    return json({{"name", impl_->config.name},
                 {"started", impl_->started},
                 {"draining", board.draining()},
                 {"registry_problem", impl_->registry_problem.empty() ? json() : json(impl_->registry_problem)},
                 {"agents_listening", impl_->agents_door.listening},
                 {"portal_listening", impl_->portal_door.listening},
                 {"sessions", std::move(sessions)}});
}

}  // namespace shuttle::relay
