// Brings looks forward where the system tells that a folder has changed. What it is not: needed; the clock brings every
// look anyhow, and where nothing is told (shares, removable drives, watches used up) it alone does. Thread: the network
// thread; waiting for the system goes to a thread of its own.
#pragma once

#include "agent/engine/folder_set.hpp"
#include "agent/scan/change_watch.hpp"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace imc::engine {

// When changes that are heard become a look: after a pause in them, so that an image that is being written is one look;
// without a pause after `apart`; and never sooner than that after the last look, so that a busy folder is not read all
// day. Times are handed in.
class Debounce {
public:
    using Time = std::chrono::steady_clock::time_point;
    Debounce(std::chrono::milliseconds pause, std::chrono::milliseconds apart) : pause_(pause), apart_(apart) {}
    void heard(const std::string& folder, Time now);
    [[nodiscard]] std::vector<std::string> due(Time now);  // each once
    [[nodiscard]] bool waiting() const { return !waiting_.empty(); }
    // Those that are watched no more.
    void keep(const std::vector<std::string>& folders);

private:
    std::chrono::milliseconds pause_;
    std::chrono::milliseconds apart_;
    struct Wish {
        Time first;  // heard of first
        Time due;
    };
    std::map<std::string, Wish> waiting_;
    std::map<std::string, Time> looked_;
};

class Hints {
public:
    struct Told {
        std::function<std::vector<FolderSpec>()> folders;
        std::function<void(const std::string& folder_id)> look;
        std::function<void(const std::string&)> log;
    };
    explicit Hints(Told told);
    // Until stop(); ends at once where the system gives no watches.
    [[nodiscard]] boost::asio::awaitable<void> run();
    void folders_changed();
    void stop();
    // Its thread hangs in the system, in a directory that does not answer.
    [[nodiscard]] bool stuck() const { return *opening_; }

private:
    void tell_silent(const std::vector<scan::Silent>& silent);

    Told told_;
    Debounce debounce_;
    std::shared_ptr<scan::ChangeWatch> watch_;
    std::shared_ptr<std::atomic<bool>> opening_ = std::make_shared<std::atomic<bool>>(false);
    boost::asio::thread_pool waiting_{1};
    bool exhausted_told_ = false;
    bool stopping_ = false;
};

}  // namespace imc::engine
