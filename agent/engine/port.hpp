// The port of the API. One that somebody else has is no reason not to watch the folders: until it is free, this computer
// alone reaches the agent, and a finding says why. What it is not: the server. Thread: the network thread; what it is
// given must outlive it.
#pragma once

#include "agent/api/server.hpp"
#include "agent/engine/agent.hpp"
#include "agent/engine/log.hpp"
#include "shuttle/io/supervisor.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace imc::engine {

class Port {
public:
    Port(api::Server& server, Agent& agent, Log& log, shuttle::io::Supervisor& supervisor);
    // What the server listens on: the configured addresses, or a port of this computer alone while they are tried again
    // and again; `moved` is called with the configured ones once they could be taken. Throws where nothing can be had.
    [[nodiscard]] std::vector<std::string> open(std::function<void(const std::vector<std::string>&)> moved);
    [[nodiscard]] bool is_open() const { return open_; }  // at the configured addresses

private:
    [[nodiscard]] std::optional<std::vector<std::string>> try_once();
    [[nodiscard]] boost::asio::awaitable<void> keep_trying();

    api::Server& server_;
    Agent& agent_;
    Log& log_;
    shuttle::io::Supervisor& supervisor_;
    std::function<void(const std::vector<std::string>&)> moved_;
    std::string problem_;
    bool open_ = false;
};

}  // namespace imc::engine
