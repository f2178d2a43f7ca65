// The only spawner of coroutines: every job has a name, its end is noticed, and stopping is orderly and has a
// deadline. What it is not: a scheduler or a thread pool. One supervisor belongs to one network thread; all of
// its functions are called there.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace shuttle::io {

// What becomes of a job that ends by an exception.
enum class OnFailure {
    forget,    // logged; nothing else (one connection)
    restart,   // logged; started again after a growing pause of 1 s to 60 s (a loop of the agent)
    stop_all,  // logged; the whole program stops (nothing can go on without it)
};

class Supervisor {
public:
    using Job = std::function<boost::asio::awaitable<void>()>;
    using Log = std::function<void(const std::string& job, const std::string& what)>;

    Supervisor(boost::asio::any_io_executor network, Log failed);
    // Asks what still runs to end, without waiting; jobs may outlive the supervisor.
    ~Supervisor();
    // Starts at once. After stop() has begun, does nothing. The job lives as long as its coroutine, so that a
    // lambda may capture.
    void start(std::string name, Job job, OnFailure on_failure = OnFailure::forget);
    // Cancels (terminal cancellation) all jobs, newest first, and gives the names of those that still run at the
    // deadline. Not to be called from a job of the same supervisor, which would wait for itself.
    [[nodiscard]] boost::asio::awaitable<std::vector<std::string>> stop(std::chrono::milliseconds deadline);
    [[nodiscard]] std::vector<std::string> running() const;  // oldest first
    [[nodiscard]] bool stopping() const;
    void on_stop_all(std::function<void()> action);  // called when a stop_all job failed
    // Logs a failure that did not end its job, such as an exception answered with a 500.
    void report(const std::string& job, const std::string& what) const;

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace shuttle::io
