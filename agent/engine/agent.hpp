// The agent itself, as the API sees it: the newest snapshot, questions to the stores, changes that people ask for, and
// the jobs that keep it all current. What it is not: the composition of sockets, signals and threads (run.cpp).
// Thread: everything on the network thread.
#pragma once

#include "agent/api/backend.hpp"
#include "agent/auth/gate.hpp"
#include "agent/engine/diary.hpp"
#include "agent/engine/events.hpp"
#include "agent/engine/growing_pool.hpp"
#include "agent/engine/hints.hpp"
#include "agent/engine/log.hpp"
#include "agent/engine/records_source.hpp"
#include "agent/engine/scanner.hpp"
#include "agent/engine/shares.hpp"
#include "agent/engine/verifier.hpp"

#include <map>
#include <memory>
#include <string>

namespace imc::engine {

class Agent final : public api::Backend {
public:
    struct Parts {
        boost::asio::any_io_executor network;
        Stores* stores = nullptr;
        Log* log = nullptr;
        auth::Gate* gate = nullptr;
        Scanner::Clock clock;
    };
    Agent(Parts parts, std::shared_ptr<const config::Config> config);
    ~Agent() override;

    // Reads what the stores know, makes the first snapshot and the list of folders. The error is a sentence.
    [[nodiscard]] boost::asio::awaitable<boost::system::result<void, std::string>> prepare();
    // Starts the jobs: scanning, publishing, discovery, settings of other processes.
    void start(shuttle::io::Supervisor& supervisor);
    void stop();
    // A new configuration, already checked. Folders, rules, limits of monitoring follow at once.
    void reconfigure(std::shared_ptr<const config::Config> config);
    void refuse_configuration(const std::string& file, const std::vector<config::Problem>& problems);
    // For facts() and counters().
    void listening_on(std::vector<std::string> addresses, const api::ServerCounters* counters);
    void show_certificate(auth::CertificateFacts facts);
    void show_tunnel(api::TunnelFacts facts) { facts_.tunnel = std::move(facts); }
    // Takes over what other processes have changed in the settings (tokens, folders); cheap when they have not.
    [[nodiscard]] boost::asio::awaitable<void> refresh_settings();
    // An open finding of the agent's own, by key; without a value it is closed.
    void tell(const std::string& key, std::optional<store::FindingRecord> finding);
    // A thread of the agent hangs in a file system that does not answer, so the process cannot end in the usual way.
    [[nodiscard]] bool stuck() const {
        return scanner_.facts().looking > 0 || hints_.stuck() || records_.stuck() || shares_.stuck() || verifier_.stuck();
    }
    [[nodiscard]] const std::shared_ptr<const config::Config>& config() const { return config_; }

    // api::Backend
    [[nodiscard]] std::shared_ptr<const api::Snapshot> snapshot() const override { return snapshot_; }
    [[nodiscard]] api::AgentFacts facts() const override;
    [[nodiscard]] const api::ServerCounters& counters() const override;
    [[nodiscard]] store::UnixTime now() const override { return parts_.clock(); }
    [[nodiscard]] boost::asio::awaitable<api::Answer<std::shared_ptr<const api::VolumeAnalysis>>> analysis(std::string volume_id) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<store::History::Removed>> removed_since(std::uint64_t cursor) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<std::vector<store::FindingRecord>>> closed_findings() override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<std::vector<store::Sample>>> samples(std::string folder_id) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<store::FolderRecord>> adopt(store::AdoptedFolder folder, api::Principal who,
                                                                                 std::string from) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<void>> release(std::string folder_id, api::Principal who, std::string from) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<void>> set_volume(std::string volume_id, store::VolumeSettings settings,
                                                                       api::Principal who, std::string from) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<void>> rescan(std::string folder_id, api::Principal who, std::string from) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<std::vector<store::ActivityCount>>> report_days() override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<api::DayReport>> report(spchain::DayNumber day) override;
    [[nodiscard]] const std::vector<api::LogFile>& logs() const override { return logs_; }
    [[nodiscard]] boost::asio::awaitable<api::Answer<api::LogPage>> log_page(api::LogFile log, std::uint64_t offset, bool last,
                                                                             std::size_t lines) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<std::uint64_t>> verify(std::string volume_id, api::Principal who,
                                                                            std::string from) override;
    [[nodiscard]] boost::asio::awaitable<api::Answer<void>> cancel_verification(api::Principal who, std::string from) override;
    [[nodiscard]] const api::Verification& verification() const override { return verifier_.state(); }
    [[nodiscard]] std::shared_ptr<api::Feed> events(std::string last_id) override { return events_.listen(last_id); }

private:
    // Jobs (jobs.cpp).
    [[nodiscard]] boost::asio::awaitable<void> publish_loop();
    [[nodiscard]] boost::asio::awaitable<void> settings_loop();
    [[nodiscard]] boost::asio::awaitable<void> discovery_loop();
    [[nodiscard]] boost::asio::awaitable<void> diary_loop();
    [[nodiscard]] boost::asio::awaitable<bool> read_diary_on();  // true: there is more to be read
    [[nodiscard]] Subjects subjects() const;
    [[nodiscard]] DiaryPlaces diary_places() const;
    [[nodiscard]] boost::asio::awaitable<void> publish();
    [[nodiscard]] boost::asio::awaitable<void> declare_folders();
    // After what holds now is published; by the publisher alone, so that no older state overtakes a newer one.
    [[nodiscard]] boost::asio::awaitable<void> published();
    [[nodiscard]] boost::asio::awaitable<boost::system::result<std::shared_ptr<api::Snapshot>>> read_history();
    // Findings of time, space and the agent itself; true when they have moved the cursor past the snapshot's.
    [[nodiscard]] boost::asio::awaitable<bool> judge_over_time(const api::Snapshot& snapshot);
    [[nodiscard]] boost::asio::awaitable<void> load_settings();
    [[nodiscard]] boost::asio::awaitable<void> tidy();
    [[nodiscard]] boost::asio::awaitable<void> discover();
    [[nodiscard]] boost::asio::awaitable<void> adopt_found(const api::UnmanagedReport& report);
    [[nodiscard]] boost::asio::awaitable<bool> forget_unwatched();

    void rebuild_folders();
    void records_changed();  // ImageManager manages other folders, or knows other files in them
    [[nodiscard]] LookRules rules_now() const;
    void changed();  // something a reader can see has moved: publish soon
    void announce_verification();
    void announce(const api::Snapshot& before, const api::Snapshot& after);
    void store_failed(boost::system::error_code error);
    [[nodiscard]] std::vector<store::FindingRecord> own_findings() const;
    [[nodiscard]] store::AuditRecord audit_record(const api::Principal& who, std::string from, std::string action, std::string subject,
                                                  std::string detail) const;
    [[nodiscard]] boost::asio::awaitable<void> audit(store::AuditRecord record);  // of what changes no settings
    void tell_audited(const store::AuditRecord& record) const;                    // in the log
    void look_below(const std::string& share);
    [[nodiscard]] const FolderSpec* spec_of(const std::string& folder_id) const;

    Parts parts_;
    std::shared_ptr<const config::Config> config_;
    Events events_;
    Scanner scanner_;
    Hints hints_;
    Verifier verifier_;
    RecordsSource records_;
    std::shared_ptr<const RecordsView> judged_by_ = std::make_shared<RecordsView>();  // the records that looks are judged by
    Shares shares_;
    GrowingPool searching_{2};  // discovery and the analyses that readers ask for
    std::shared_ptr<const api::Snapshot> snapshot_;
    std::shared_ptr<const api::UnmanagedReport> unmanaged_;
    std::map<std::string, store::VolumeSettings> settings_;
    std::vector<store::AdoptedFolder> adopted_;
    std::vector<store::FolderRecord> remembered_;  // folders that records named in an earlier run, until records are there
    std::uint64_t settings_version_ = 0;
    ScanFacts published_scans_;                   // as of the snapshot: a round is told as finished when its results can be read
    std::map<std::string, FolderSpec> declared_;  // by id: what the history knows of the list of folders
    std::map<std::string, store::FindingRecord> own_findings_;  // by key
    api::AgentFacts facts_;
    const api::ServerCounters* counters_ = nullptr;
    boost::asio::steady_timer publish_wake_;
    boost::asio::steady_timer discovery_wake_;
    boost::asio::steady_timer diary_wake_;
    std::shared_ptr<bool> reading_diary_ = std::make_shared<bool>(false);
    std::vector<api::LogFile> logs_;
    bool changed_ = false;
    std::uint64_t wanted_ = 0;  // publications that somebody waits for, and those that were made
    std::uint64_t served_ = 0;
    bool search_now_ = false;
    bool forget_unwatched_ = false;  // folders went with the records
    std::shared_ptr<bool> searching_now_ = std::make_shared<bool>(false);
    std::stop_source stopping_;
    store::UnixTime tidied_ = 0;
};

}  // namespace imc::engine
