// Joins the relay with the join code that an installation was given (join_request.hpp): once, in the background, again after a pause
// while the relay cannot be reached, until the code is used, refused, or older than any can be. How it fares is a finding. What it is
// not: the tunnel; its keeper takes up the enrolment by itself. Thread: the network thread.
#pragma once

#include "agent/engine/agent.hpp"
#include "agent/engine/engine.hpp"
#include "agent/engine/growing_pool.hpp"
#include "agent/engine/join_request.hpp"
#include "agent/engine/log.hpp"
#include "shuttle/core/backoff.hpp"
#include "shuttle/io/supervisor.hpp"

#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace imc::engine {

class Joiner {
public:
    // All must outlive it.
    Joiner(Agent& agent, Log& log, const Places& places);

    void start(shuttle::io::Supervisor& supervisor);

private:
    using Steady = std::chrono::steady_clock;

    [[nodiscard]] boost::asio::awaitable<void> run();
    [[nodiscard]] boost::asio::awaitable<bool> look();  // true: there is nothing more to be done
    [[nodiscard]] boost::asio::awaitable<void> join(JoinRequest request);
    void welcomed(Enrolment enrolment, JoinRequest request);
    void missed(const JoinRequest& request, const shuttle::io::DialFailure& failure);
    void give_up(JoinRequest request, std::string problem);
    void settle();
    void tell(const std::string& problem, bool again);

    Agent& agent_;
    Log& log_;
    std::string request_file_, enrolment_file_;
    GrowingPool files_{1};
    std::unique_ptr<boost::asio::thread_pool> pool_;  // for what waits for the system; made when there is a code
    shuttle::core::Backoff backoff_;
    Steady::time_point next_try_{};
    std::string told_;
};

}  // namespace imc::engine
