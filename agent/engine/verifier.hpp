// The agent's own verification at work: in the hours of the night, or when somebody asks, it reads one image after the other at a
// given rate and keeps every result. A folder in which something is being written waits for its turn; between two pieces no file is
// open; what was read of an image is kept until the next night, but not over a restart. What it is not: the choice
// (agent/verify/plan.hpp) or the comparison (agent/verify/image_check.hpp). Thread: the network thread; the disk is waited for on
// threads of its own.
#pragma once

#include "agent/api/verification.hpp"
#include "agent/engine/candidates.hpp"
#include "agent/engine/folder_set.hpp"
#include "agent/engine/growing_pool.hpp"
#include "agent/engine/look.hpp"
#include "agent/engine/stores.hpp"
#include "agent/verify/image_check.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <set>

namespace imc::engine {

class Verifier {
public:
    struct Told {
        std::function<std::vector<FolderSpec>()> folders;
        std::function<bool()> ready;  // every folder was looked at: before that, nothing is known to be verified
        std::function<void(const std::string& folder_id)> judge;     // what its images were found to be may change its verdicts
        std::function<void()> changed;                               // results were written
        std::function<void()> progress;                              // now and then, and when a run begins or ends
        std::function<void(const std::string&)> log;                 // a line
        std::function<void(boost::system::error_code)> store_error;  // results could not be written
    };
    Verifier(boost::asio::any_io_executor network, Stores& stores, std::function<store::UnixTime()> clock, Told told);
    ~Verifier();

    void set_rules(LookRules rules);
    // Until stop().
    [[nodiscard]] boost::asio::awaitable<void> run();
    void stop();
    // Empty: what a night would do, now. The number of the run that will do it; 0: one that was asked for goes on already.
    [[nodiscard]] std::uint64_t ask(const std::string& volume_id);
    // Ends the run that goes on, or takes back the one that was asked for; false: there is none. A night's goes on the next night.
    bool cancel();
    [[nodiscard]] const api::Verification& state() const { return state_; }
    [[nodiscard]] bool stuck() const {
        return std::any_of(hanging_.begin(), hanging_.end(), [](const auto& running) { return *running; });
    }

private:
    struct Wish {
        std::uint64_t run = 0;
        std::string volume_id;
    };
    struct Item {
        verify::Candidate candidate;
        std::string path;
        std::shared_ptr<verify::ImageCheck> check;  // null: not begun
    };
    struct Busy {
        bool busy = false;
        std::chrono::steady_clock::time_point until;
    };

    [[nodiscard]] std::optional<store::UnixTime> night_begun() const;
    [[nodiscard]] boost::asio::awaitable<void> run_night(store::UnixTime begun);
    [[nodiscard]] boost::asio::awaitable<void> run_wish(Wish wish);
    // Fills the queue from the folders of `only` (empty: all) and says which of them could not be read, in skipped_.
    [[nodiscard]] boost::asio::awaitable<void> gather(verify::Budget budget, std::string volume_id, std::set<std::string> only);
    [[nodiscard]] boost::asio::awaitable<std::set<std::string>> owed_and_back();
    [[nodiscard]] boost::asio::awaitable<void> work(bool night);
    [[nodiscard]] boost::asio::awaitable<bool> settle_down();
    [[nodiscard]] boost::asio::awaitable<bool> folder_is_busy(std::string folder_id, std::string path);
    [[nodiscard]] boost::asio::awaitable<void> read_on(Item& item);
    [[nodiscard]] boost::asio::awaitable<void> wait(std::chrono::milliseconds limit);
    [[nodiscard]] boost::asio::awaitable<void> flush();
    void begin(const char* wanted, const std::string& volume_id, std::uint64_t run);
    void end(const std::string& how);
    void pass_over(const std::string& folder_id);
    template <class Function>
    [[nodiscard]] boost::asio::awaitable<std::optional<std::invoke_result_t<Function>>> on_disk(Function function);
    void count(const Item& item);
    void show(const Item* item);
    void tell_progress(bool now);
    [[nodiscard]] std::string reason_to_end(bool night) const;  // empty: go on

    boost::asio::any_io_executor network_;
    Stores& stores_;
    std::function<store::UnixTime()> clock_;
    Told told_;
    std::shared_ptr<const LookRules> rules_;
    GrowingPool reading_{33};  // one at work; the others for shares that do not answer
    GrowingPool choosing_{1};  // never touches a share
    boost::asio::steady_timer wake_;
    std::stop_source stopping_;
    api::Verification state_;
    std::optional<Wish> wish_;
    bool cancelled_ = false;
    std::uint64_t runs_ = 0;
    std::deque<Item> queue_;
    std::optional<Item> begun_;       // kept from one night to the next
    std::uint64_t done_bytes_ = 0;    // of images that are done
    store::UnixTime night_done_ = 0;  // the beginning of the last night that was through
    std::set<std::string> skipped_;   // folders that the last gather() could not ask
    std::set<std::string> owed_;      // those of the night that began at owed_since_; the others are through
    store::UnixTime owed_since_ = 0;
    std::map<std::string, Busy> busy_;           // by folder id
    std::vector<store::CheckRecord> unwritten_;  // results; what cannot be written stays, and no more is read than that holds
    std::chrono::steady_clock::time_point written_{};
    std::chrono::steady_clock::time_point told_at_{};
    std::map<std::string, bool> given_up_;        // folders that do not answer, for this run
    std::vector<std::shared_ptr<bool>> hanging_;  // threads that were given up; true while they have not come home
    std::set<std::string> to_judge_;              // folders whose verdicts the results at hand may change
    std::set<std::string> touched_;               // folders of this run
};

}  // namespace imc::engine
