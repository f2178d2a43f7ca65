// Composes the agent: configuration, stores, scans, monitoring, API, and their jobs under one supervisor. What it is
// not: a parser, a walker or a server; it only connects them. run() owns one network thread and a small pool.
#pragma once

#include "agent/config/config.hpp"
#include "agent/host/overseer.hpp"

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>

namespace imc::engine {

// Runs until SIGTERM, SIGINT or the overseer's stop; SIGHUP or the overseer reloads the configuration. Logs to standard
// error (and to the configured file). Returns the exit code: 0 orderly, 1 could not start or could not go on (the log and
// the overseer are told why).
[[nodiscard]] int run(const std::string& config_file, host::Overseer& overseer);

// One look at every folder into the store, without API: for benchmarks and for `scan-once`.
struct OnceReport {
    std::uint64_t folders = 0;
    std::uint64_t images = 0;
    double seconds = 0;
};
[[nodiscard]] boost::system::result<OnceReport, std::string> scan_once(const config::Config& config);

// Where the agent keeps what: all in the data directory.
struct Places {
    explicit Places(const config::Config& config);
    std::string directory;
    std::string lock;          // agent.lock: held while an agent uses the directory
    std::string history;       // history.db
    std::string settings;      // settings.db
    std::string agent_json;    // agent.json: {"url","pid","certificate_sha256"} of the running agent; removed at the end
    std::string local_token;   // local.token: for the command line, readable by administrators only
    std::string logs;          // directory of the log and of what crashes leave
    std::string log;           // imconnector.log in it: where standard error is kept by nobody
    std::string rejected;      // rejected.txt: what the installer was told and could not take over; told as a finding
    std::string enrolment;     // shuttle.key: what joins this agent with a relay, a secret (enrolment.hpp)
    std::string tunnel_state;  // shuttle.json: how the running agent's tunnel fares
    std::string join_request;  // shuttle.join: a join code that waits to be used, a secret (join_request.hpp)
    std::string certificates;  // directory of certificate.pem and certificate.key
};

}  // namespace imc::engine
