// Logs in to the shares that people stored logins for, so that looks find them open. A login that a server refuses is not
// tried again until it is stored anew, since trying would lock the account; one that nobody answers is tried every minute.
// What it is not: needed where the service's own account may read the shares. Thread: the network thread; waiting for the
// network goes to threads of its own.
#pragma once

#include "agent/host/share.hpp"
#include "agent/store/settings.hpp"
#include "shuttle/io/supervisor.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace imc::engine {

class Shares {
public:
    struct Told {
        std::function<void(const std::string& share)> connected;  // looks below it may go better now
        std::function<void(const std::string& key, std::optional<store::FindingRecord>)> tell;
        std::function<void(const std::string&)> log;
    };
    Shares(boost::asio::any_io_executor network, Told told);
    ~Shares();
    // What the settings hold now; an unchanged login keeps its state.
    void set(std::vector<store::ShareRecord> records);
    void start(shuttle::io::Supervisor& supervisor);
    void stop();
    [[nodiscard]] bool stuck() const;  // a thread of it hangs in the system

private:
    struct Login;
    using Time = std::chrono::steady_clock::time_point;
    [[nodiscard]] boost::asio::awaitable<void> run();
    [[nodiscard]] boost::asio::awaitable<void> connect(std::shared_ptr<Login> login);
    void note(Login& login, const host::ShareOutcome& outcome);
    [[nodiscard]] std::shared_ptr<Login> next_due() const;

    Told told_;
    std::vector<std::shared_ptr<Login>> logins_;
    boost::asio::steady_timer wake_;
    std::unique_ptr<boost::asio::thread_pool> connecting_;
    bool stopping_ = false;
};

}  // namespace imc::engine
