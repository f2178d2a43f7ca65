// ImageManager as a source: looks again and again whether its database has changed, keeps the last good state, compares it with
// what looks have found, and writes what comes of it into the history. What it is not: the reading of the database
// (agent/imagemanager) or the words of findings (agent/monitor). Thread: the network thread; blocking work goes to pools of its
// own, where a share that does not answer holds up nobody else.
#pragma once

#include "agent/config/config.hpp"
#include "agent/engine/difference_memory.hpp"
#include "agent/engine/growing_pool.hpp"
#include "agent/engine/records_view.hpp"
#include "agent/engine/stores.hpp"
#include "agent/imagemanager/database_copy.hpp"
#include "agent/imagemanager/source_facts.hpp"
#include "agent/monitor/records_state.hpp"

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace imc::engine {

class RecordsSource {
public:
    using Clock = std::function<store::UnixTime()>;
    struct Told {
        std::function<void()> folders_changed;                                                          // view() is another
        std::function<void()> history_changed;                                                          // readers see something new
        std::function<void(const std::string& key, std::optional<store::FindingRecord> finding)> tell;  // of the agent's own
        std::function<void(const std::string&)> log;
        std::function<void(boost::system::error_code)> store_error;
    };
    RecordsSource(boost::asio::any_io_executor network, Stores& stores, Clock clock, Told told);
    ~RecordsSource();

    // What an earlier run left; at most some seconds. Before run().
    [[nodiscard]] boost::asio::awaitable<void> resume(std::shared_ptr<const config::Config> config);
    // Until stop().
    [[nodiscard]] boost::asio::awaitable<void> run();
    void reconfigure(std::shared_ptr<const config::Config> config);
    void looks_changed();  // folders have been judged anew: compare soon
    void stop();

    [[nodiscard]] std::shared_ptr<const RecordsView> view() const { return view_; }
    [[nodiscard]] const imagemanager::SourceFacts& facts() const { return facts_; }
    // A thread hangs in a file system that does not answer.
    [[nodiscard]] bool stuck() const { return *reading_now_ || *looking_now_; }

private:
    struct Renewed;
    struct Compared {
        std::uint64_t digest = 0;      // of the folder's last look
        std::uint64_t generation = 0;  // of the records
        imagemanager::Comparison comparison;
    };
    [[nodiscard]] imagemanager::CopyPlaces places() const;
    [[nodiscard]] boost::asio::awaitable<void> renew();
    void take(Renewed renewed);
    void take_records(imagemanager::CopiedState state);
    void show_database(const std::string& problem);
    void show_service();
    [[nodiscard]] boost::asio::awaitable<void> look_at_targets();
    [[nodiscard]] boost::asio::awaitable<void> compare();
    [[nodiscard]] boost::asio::awaitable<bool> compare_folder(const store::FolderRecord& folder, const RecordedFolder& recorded,
                                                              std::uint64_t generation);
    [[nodiscard]] boost::asio::awaitable<void> write(std::vector<store::RecordsChange> changes, std::vector<store::FindingRecord> findings);
    [[nodiscard]] monitor::RecordsState state_of(const std::vector<store::FolderRecord>& folders,
                                                 const std::vector<store::VolumeRecord>& volumes,
                                                 std::map<std::string, imagemanager::Comparison>& lasting) const;

    boost::asio::any_io_executor network_;
    Stores& stores_;
    Clock clock_;
    Told told_;
    std::shared_ptr<const config::Config> config_;
    std::shared_ptr<const RecordsView> view_ = std::make_shared<RecordsView>();
    std::optional<imagemanager::CopiedState> copy_;
    imagemanager::SourceFacts facts_;
    std::map<std::string, Compared> compared_;  // by folder id
    DifferenceMemory differences_;
    std::map<std::string, store::UnixTime> there_since_;  // local and network targets by path
    std::uint64_t generation_ = 0;
    int failures_ = 0;  // looks at the database in a row
    int stopped_ = 0;   // looks at the service in a row that found it stopped
    bool seeded_ = false;
    std::chrono::steady_clock::time_point next_renewal_{};
    std::chrono::steady_clock::time_point next_full_{};  // when the database is read whatever its time says
    boost::asio::steady_timer wake_;
    bool compare_now_ = false;
    GrowingPool reading_{2};  // the database; the targets
    std::shared_ptr<bool> reading_now_ = std::make_shared<bool>(false);
    std::shared_ptr<bool> looking_now_ = std::make_shared<bool>(false);
    std::stop_source stop_;
};

}  // namespace imc::engine
