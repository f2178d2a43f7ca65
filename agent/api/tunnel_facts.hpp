// How the tunnel to the relay stands, as the agent says it. Plain values. What it is not: the tunnel (agent/engine/tunnel_keeper.hpp),
// or what the relay knows of it.
#pragma once

#include <cstdint>
#include <string>

namespace imc::api {

// Times are Unix seconds, 0: none. Texts that do not apply are empty.
struct TunnelFacts {
    std::string state;       // empty: not enrolled | "connected" | "connecting" | "waiting" for the next try | "unusable": see `problem`
    std::string relay;       // its name
    std::string address;     // "host:port" as the join code had it
    std::string agent;       // our id there
    std::int64_t since = 0;  // connected since; otherwise: without a tunnel since
    std::int64_t next_try = 0;
    std::uint64_t failures = 0;  // since the last healthy tunnel
    std::string under_way;       // while connecting: the step, such as "TLS"
    std::string step;            // that failed last
    std::string problem;         // why, a sentence
    bool refused = false;        // the relay knows us and does not want us
    bool replaced = false;       // a newer session with our key has taken over: another computer may have the key
    std::string reached_at;      // address of the relay, or of the proxy
    std::string proxy;           // "host:port (from where)"; empty: straight
    std::string certificate_issuer;
    std::string intercepted_by;  // who signed another certificate than the relay's own
    std::uint64_t generation = 0;
    std::int64_t round_trip_us = 0;  // 0: not measured yet
    // Since the start of the agent.
    std::uint64_t connections = 0;
    std::uint64_t streams = 0;
    std::uint64_t streams_open = 0;    // now
    std::uint64_t received_bytes = 0;  // that portals sent
    std::uint64_t sent_bytes = 0;      // and got
    friend bool operator==(const TunnelFacts&, const TunnelFacts&) = default;
};

}  // namespace imc::api
