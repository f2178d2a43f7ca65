// Keeps one tunnel to a relay: dials, serves the streams that the relay opens, notices silence, sleep and drains, and dials
// again after a pause with full jitter. When the relay drains, the next tunnel is made before the old one ends. What it is not:
// the one who knows what a stream is for; that is `serve`.
// Thread: the network thread.
#pragma once

#include "shuttle/core/backoff.hpp"
#include "shuttle/io/dialer.hpp"
#include "shuttle/io/supervisor.hpp"
#include "shuttle/io/tunnel.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace shuttle::io {

enum class UplinkState { dialing, connected, waiting };

struct UplinkFacts {
    UplinkState state = UplinkState::waiting;
    std::int64_t since = 0;      // Unix seconds: connected since; else without a healthy tunnel since, or since the start
    bool healthy = false;        // connected for BackoffPolicy::healthy at least
    std::int64_t next_try = 0;   // Unix seconds; 0: under way or not needed
    unsigned failures = 0;       // since the last healthy tunnel
    Step under_way = Step::dns;  // while dialing
    Step step = Step::dns;       // that failed last, where there is a problem
    std::string problem;         // of the last attempt or tunnel, a sentence; empty: none
    bool refused = false;        // the relay knows us and does not want us
    bool replaced = false;       // a newer session of the same agent has taken over: another computer may have the key
    DialFacts dial;
    std::uint64_t generation = 0;
    std::uint64_t connections = 0;  // since the start
    std::uint64_t streams = 0;      // served since the start
    std::int64_t round_trip_us = 0;
};

class Uplink {
public:
    using Serve = std::function<boost::asio::awaitable<void>(TunnelStream)>;
    using Tell = std::function<void(const std::string& line)>;  // for a log
    // `target.pool` and the supervisor must outlive it. `serve` runs as a job of its own for each stream.
    Uplink(boost::asio::any_io_executor network, Supervisor& supervisor, DialTarget target, Serve serve, Tell tell,
           const core::BackoffPolicy& policy = {});
    ~Uplink();
    Uplink(const Uplink&) = delete;
    Uplink& operator=(const Uplink&) = delete;

    // The work, a job to be started once; ends only when it is cancelled or after stop().
    [[nodiscard]] boost::asio::awaitable<void> run();
    // Says goodbye on all tunnels; run() ends within a second, but not while the system looks up a name or finds the proxy.
    void stop();
    [[nodiscard]] UplinkFacts facts() const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace shuttle::io
