// Keeps the tunnel to the relay that this agent is enrolled with, takes up a new enrolment by itself, and leads the relay's streams
// to the API of this agent and nowhere else. How it fares is in shuttle.json of the data directory, and a finding when it is down
// for long. What it is not: the tunnel (shuttle/io/uplink.hpp). Thread: the network thread.
#pragma once

#include "agent/api/server.hpp"
#include "agent/engine/agent.hpp"
#include "agent/engine/enrolment.hpp"
#include "agent/engine/log.hpp"
#include "shuttle/io/supervisor.hpp"
#include "shuttle/io/uplink.hpp"

#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <optional>
#include <string>

namespace imc::engine {

class TunnelKeeper {
public:
    // All must outlive it.
    TunnelKeeper(boost::asio::any_io_executor network, shuttle::io::Supervisor& supervisor, api::Server& server, Agent& agent, Log& log,
                 std::string data_directory);
    ~TunnelKeeper();
    TunnelKeeper(const TunnelKeeper&) = delete;
    TunnelKeeper& operator=(const TunnelKeeper&) = delete;

    void start();
    void stop();

private:
    [[nodiscard]] boost::asio::awaitable<void> keep();
    [[nodiscard]] boost::asio::awaitable<void> serve(shuttle::io::TunnelStream stream);
    void look_at_enrolment();
    void begin(Enrolment enrolment);
    void tell_state();
    void tell_finding();
    [[nodiscard]] std::string state_json() const;

    boost::asio::any_io_executor network_;
    shuttle::io::Supervisor& supervisor_;
    api::Server& server_;
    Agent& agent_;
    Log& log_;
    std::string enrolment_file_, state_file_;
    std::unique_ptr<boost::asio::thread_pool> pool_;     // for what waits for the system: proxies, authorities; once enrolled
    std::optional<boost::asio::ip::tcp::endpoint> api_;  // a port of this computer alone
    std::shared_ptr<shuttle::io::Uplink> uplink_;
    std::optional<Enrolment> enrolment_;
    std::int64_t told_at_ = 0;
    std::string enrolment_problem_, told_, told_problem_;
};

}  // namespace imc::engine
