// Keeps the tunnel to the relay that this agent is enrolled with, takes up a new enrolment by itself, and leads the relay's streams
// to the API of this agent and nowhere else. How it fares is told to the agent (for /v1/agent and /metrics), kept in shuttle.json of
// the data directory for the command line, and a finding when it is down for long. What it is not: the tunnel
// (shuttle/io/uplink.hpp). Thread: the network thread.
#pragma once

#include "agent/api/server.hpp"
#include "agent/engine/agent.hpp"
#include "agent/engine/engine.hpp"
#include "agent/engine/enrolment.hpp"
#include "agent/engine/log.hpp"
#include "shuttle/io/splice.hpp"
#include "shuttle/io/supervisor.hpp"
#include "shuttle/io/uplink.hpp"

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace imc::engine {

struct EnrolmentStamp {
    std::uintmax_t bytes = 0;
    std::filesystem::file_time_type written;
    friend bool operator==(const EnrolmentStamp&, const EnrolmentStamp&) = default;
};

class TunnelKeeper {
public:
    // All but the places must outlive it.
    TunnelKeeper(boost::asio::any_io_executor network, shuttle::io::Supervisor& supervisor, api::Server& server, Agent& agent, Log& log,
                 const Places& places);
    ~TunnelKeeper();
    TunnelKeeper(const TunnelKeeper&) = delete;
    TunnelKeeper& operator=(const TunnelKeeper&) = delete;

    void start();
    void stop();

private:
    [[nodiscard]] boost::asio::awaitable<void> keep();
    [[nodiscard]] boost::asio::awaitable<void> serve(shuttle::io::TunnelStream stream);
    [[nodiscard]] boost::asio::awaitable<void> look_at_enrolment();
    void take(boost::system::result<std::optional<Enrolment>, std::string> read);
    void cannot_use(std::string why);  // empty: it can be used, or there is none
    [[nodiscard]] std::string begin(Enrolment enrolment);
    [[nodiscard]] boost::asio::awaitable<void> tell_state();
    void tell_finding();
    [[nodiscard]] api::TunnelFacts facts() const;
    [[nodiscard]] std::string state_json() const;

    boost::asio::any_io_executor network_;
    shuttle::io::Supervisor& supervisor_;
    api::Server& server_;
    Agent& agent_;
    Log& log_;
    std::string enrolment_file_, state_file_;
    std::unique_ptr<boost::asio::thread_pool> pool_;  // for what waits for the system: proxies, authorities; once enrolled
    boost::asio::thread_pool files_{1};               // for the two files, which must not wait behind a proxy's script
    std::optional<EnrolmentStamp> enrolment_stamp_;
    std::optional<boost::asio::ip::tcp::endpoint> api_;  // a port of this computer alone
    std::shared_ptr<shuttle::io::Uplink> uplink_;
    std::optional<Enrolment> enrolment_;
    std::uint64_t streams_ = 0;  // since the start
    std::set<const shuttle::io::Carried*> open_;
    shuttle::io::Carried ended_;             // by streams that are no more
    std::uint64_t earlier_connections_ = 0;  // by uplinks that are no more
    std::int64_t told_at_ = 0;
    std::string enrolment_problem_, told_, told_problem_;
};

}  // namespace imc::engine
