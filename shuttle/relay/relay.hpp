// The relay at work: two ports, the switchboard between them, and the registry behind it, read again when another process has
// changed it. What it is not: the program; signals and logs are those of whoever owns it (run.cpp), so that tests can have one in
// their own process. Thread: the network thread.
#pragma once

#include "shuttle/io/supervisor.hpp"
#include "shuttle/relay/activation.hpp"
#include "shuttle/relay/material.hpp"
#include "shuttle/relay/switchboard.hpp"

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace shuttle::relay {

enum class Level { debug, info, warning, error };
using Log = std::function<void(Level, const std::string&)>;

class Relay {
public:
    // The registry must not be used elsewhere in this process.
    Relay(boost::asio::any_io_executor network, Config config, Material material, Registry registry, Log log);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // Reads the registry, binds the ports, starts the jobs. Ports that are handed over are not bound. The error is a sentence.
    [[nodiscard]] boost::asio::awaitable<io::Told<void>> start(HandedOver ports);
    // Make-before-break: agents are told to go elsewhere or come back, connections may go on for a while, then all ends. At ports
    // that were handed over nobody is turned away meanwhile: whoever comes waits there for the next relay.
    [[nodiscard]] boost::asio::awaitable<void> stop(std::chrono::seconds grace);
    [[nodiscard]] bool has_successor() const;  // all ports were handed over
    [[nodiscard]] bool drain_wanted() const;   // somebody asked by the command line

    [[nodiscard]] std::vector<std::string> agents_listening() const;
    [[nodiscard]] std::vector<std::string> portal_listening() const;
    [[nodiscard]] const Switchboard& switchboard() const;
    [[nodiscard]] nlohmann::json state() const;  // for the state file and `imshuttle status`
    // Another number when what state() says of agents and of the relay itself has changed, not what it says of their traffic.
    [[nodiscard]] std::uint64_t changes() const;
    [[nodiscard]] std::string metrics() const;  // Prometheus' text

    struct Impl;

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace shuttle::relay
