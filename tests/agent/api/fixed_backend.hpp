// A backend of the API over a small server whose listings are fixed but whose analyses, records and findings are the
// agent's own. It takes changes and remembers them. What it is not: the engine; nothing runs on its own.
#pragma once

#include "agent/api/backend.hpp"
#include "agent/api/resources.hpp"

#include <map>
#include <string>
#include <vector>

namespace fixed {

inline constexpr imc::store::UnixTime today = 1'795'253'412;  // 2026-11-21T09:30:12Z

class Backend final : public imc::api::Backend {
public:
    Backend();

    [[nodiscard]] std::shared_ptr<const imc::api::Snapshot> snapshot() const override { return published; }
    [[nodiscard]] imc::api::AgentFacts facts() const override { return agent; }
    [[nodiscard]] const imc::api::ServerCounters& counters() const override { return server; }
    [[nodiscard]] imc::store::UnixTime now() const override { return clock; }
    boost::asio::awaitable<imc::api::Answer<std::shared_ptr<const imc::api::VolumeAnalysis>>> analysis(std::string volume_id) override;
    boost::asio::awaitable<imc::api::Answer<imc::store::History::Removed>> removed_since(std::uint64_t cursor) override;
    boost::asio::awaitable<imc::api::Answer<std::vector<imc::store::FindingRecord>>> closed_findings() override;
    boost::asio::awaitable<imc::api::Answer<std::vector<imc::store::Sample>>> samples(std::string folder_id) override;
    boost::asio::awaitable<imc::api::Answer<imc::store::FolderRecord>> adopt(imc::store::AdoptedFolder folder, imc::api::Principal who,
                                                                             std::string from) override;
    boost::asio::awaitable<imc::api::Answer<void>> release(std::string folder_id, imc::api::Principal who, std::string from) override;
    boost::asio::awaitable<imc::api::Answer<void>> set_volume(std::string volume_id, imc::store::VolumeSettings settings,
                                                              imc::api::Principal who, std::string from) override;
    boost::asio::awaitable<imc::api::Answer<void>> rescan(std::string folder_id, imc::api::Principal who, std::string from) override;
    boost::asio::awaitable<imc::api::Answer<std::vector<imc::store::ActivityCount>>> report_days() override;
    boost::asio::awaitable<imc::api::Answer<imc::api::DayReport>> report(spchain::DayNumber day) override;
    [[nodiscard]] const std::vector<imc::api::LogFile>& logs() const override { return log_files; }
    boost::asio::awaitable<imc::api::Answer<imc::api::LogPage>> log_page(imc::api::LogFile log, std::uint64_t offset, bool last,
                                                                         std::size_t lines) override;
    boost::asio::awaitable<imc::api::Answer<std::uint64_t>> verify(std::string volume_id, imc::api::Principal who,
                                                                   std::string from) override;
    boost::asio::awaitable<imc::api::Answer<void>> cancel_verification(imc::api::Principal who, std::string from) override;
    [[nodiscard]] const imc::api::Verification& verification() const override { return verifying; }
    [[nodiscard]] std::shared_ptr<imc::api::Feed> events(std::string last_id) override;

    // A copy that may be changed; publish() makes it the present one under the next cursor.
    [[nodiscard]] imc::api::Snapshot copy() const { return *published; }
    void publish(imc::api::Snapshot snapshot);

    std::shared_ptr<const imc::api::Snapshot> published;
    imc::api::AgentFacts agent;
    imc::api::ServerCounters server;
    imc::store::UnixTime clock = fixed::today;
    imc::store::History::Removed removed;
    std::vector<imc::store::FindingRecord> closed;
    std::vector<std::string> rescans;
    imc::api::Verification verifying;
    std::vector<imc::store::ActivityCount> activity;
    std::vector<imc::store::ActivityEntry> entries;
    std::vector<imc::api::LogFile> log_files;
    std::string changed_by;
    int analyses = 0;
    int reads_of_history = 0;
    bool unavailable = false;  // the analysis takes too long

private:
    void add_folder(imc::api::Snapshot& snapshot, imc::store::FolderRecord folder, std::vector<spchain::Entry> entries);
    std::map<std::string, std::vector<spchain::Entry>> entries_;  // by folder id
};

// Increments of a day each hour, a daily consolidation after each midnight, .md5 files.
[[nodiscard]] std::vector<spchain::Entry> hourly(const std::string& volume, int days, imc::store::UnixTime newest);

struct Caller {
    imc::api::Scope scope = imc::api::Scope::operate;
    std::string if_none_match;
    bool gzip = false;
    std::string content_type = "application/json";
};
[[nodiscard]] imc::api::Response ask(const imc::api::Handler& api, const std::string& method, const std::string& target,
                                     const std::string& body = {}, const Caller& caller = {});

}  // namespace fixed
