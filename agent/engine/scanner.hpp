// Looks at every watched folder again and again: a few at once, each within its time, a dead share never in the way of
// the others. Results go into the history; readers are told by `changed`. What it is not: judgement (look.hpp) or
// storage. Thread: the network thread; blocking work goes to the pools.
#pragma once

#include "agent/engine/growing_pool.hpp"
#include "agent/engine/look.hpp"
#include "agent/engine/stores.hpp"
#include "shuttle/io/supervisor.hpp"

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace imc::engine {

struct ScanFacts {
    std::uint64_t looks = 0;
    std::uint64_t failed = 0;
    std::uint64_t looking = 0;  // folders being looked at now
    store::UnixTime round_started = 0;
    store::UnixTime round_finished = 0;  // the last round that is through; 0: none yet
    double round_seconds = 0;            // of the last finished round
    bool first_round_done = false;
};

class Scanner {
public:
    using Clock = std::function<store::UnixTime()>;
    struct Told {
        std::function<void()> changed;                               // the history has moved
        std::function<void(const std::string&)> log;                 // a line for the log
        std::function<void(boost::system::error_code)> store_error;  // writing failed (a full disk ...)
        std::function<void()> children_changed;                      // a backup store gained or lost sub-folders
    };

    Scanner(boost::asio::any_io_executor network, Stores& stores, Clock clock, Told told);
    ~Scanner();

    // What the history knew at the start; call once before the first set_folders().
    void resume(const std::vector<store::FolderRecord>& known);
    void set_rules(LookRules rules);
    // Folders that are gone from the list stay in the history until forgotten by the caller.
    void set_folders(std::vector<FolderSpec> folders);
    // Starts `workers` jobs; more may be added later by calling again.
    void start(shuttle::io::Supervisor& supervisor, std::size_t workers);
    // Empty: all folders. False: no such folder.
    bool look_now(const std::string& folder_id);
    // What is said of the folder's images has changed: the next look, which comes at once, judges it anew even where its files are
    // as they were.
    void judge_anew(const std::string& folder_id);
    // A folder (a child of a store that is no more) is not to come back from what the history knew.
    void forget(const std::string& folder_id);
    void stop();

    [[nodiscard]] const std::vector<FolderSpec>& folders() const { return specs_; }
    [[nodiscard]] StoreChildren children() const;
    [[nodiscard]] const ScanFacts& facts() const { return facts_; }
    // True when every folder has been looked at since the last call of look_now("") or the start.
    [[nodiscard]] bool round_done() const { return finished_round_ == round_ && facts_.first_round_done; }

private:
    struct Watched;
    [[nodiscard]] boost::asio::awaitable<void> work(std::size_t worker);
    [[nodiscard]] std::shared_ptr<Watched> next_due();
    [[nodiscard]] boost::asio::awaitable<void> look_at(std::shared_ptr<Watched> watched);
    [[nodiscard]] boost::asio::awaitable<void> succeed(std::shared_ptr<Watched> watched, std::shared_ptr<Reading> reading);
    [[nodiscard]] boost::asio::awaitable<void> judge(std::shared_ptr<Watched> watched, std::shared_ptr<Reading> reading);
    [[nodiscard]] boost::asio::awaitable<void> fail(std::shared_ptr<Watched> watched, scan::errc why);
    void note_store(boost::system::result<std::uint64_t> result);
    void finish_round_if_done();
    void begin_round();
    void wake();
    [[nodiscard]] std::chrono::steady_clock::time_point earliest() const;
    [[nodiscard]] std::chrono::steady_clock::time_point next_look(const Watched& watched) const;

    boost::asio::any_io_executor network_;
    Stores& stores_;
    Clock clock_;
    Told told_;
    std::shared_ptr<const LookRules> rules_;
    std::vector<FolderSpec> specs_;
    std::map<std::string, std::shared_ptr<Watched>> watched_;        // by folder id
    std::map<std::string, store::FolderRecord> known_;               // from the history, by folder id
    std::vector<std::unique_ptr<boost::asio::steady_timer>> wakes_;  // one for each worker
    std::unique_ptr<GrowingPool> walking_;
    std::stop_source stop_;
    ScanFacts facts_;
    std::chrono::steady_clock::time_point round_began_;
    std::uint64_t round_ = 0;
    std::uint64_t finished_round_ = 0;  // the last one that is through
    std::uint64_t cursor_ = 0;
};

}  // namespace imc::engine
