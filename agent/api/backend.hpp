// What the resources of the API ask of the agent. The engine implements it; tests may hold resources against a
// small one of their own. What it is not: HTTP or JSON. Everything is called on the network thread.
#pragma once

#include "agent/api/diary.hpp"
#include "agent/api/http.hpp"
#include "agent/api/server.hpp"
#include "agent/api/tunnel_facts.hpp"
#include "agent/api/verification.hpp"
#include "agent/auth/certificate.hpp"
#include "agent/config/config.hpp"
#include "agent/imagemanager/source_facts.hpp"
#include "agent/store/settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

namespace imc::api {

// What the agent says of itself. Times are Unix seconds, 0: not yet.
struct AgentFacts {
    std::string version;  // of the program
    std::string host;
    std::string os;
    std::string state;  // "starting" first scan not yet through | "running"
    std::string config_file;
    std::string config_problem;  // the last reload was refused, and why; empty: none
    store::UnixTime started = 0;
    store::UnixTime config_loaded = 0;
    store::UnixTime last_scan_started = 0;
    store::UnixTime last_scan_finished = 0;
    std::uint64_t folders_scanning = 0;
    std::uint64_t scans = 0;  // looks at folders since start
    std::uint64_t failed_scans = 0;
    double last_scan_seconds = 0;  // of the last round over all folders
    std::vector<std::string> listening;
    auth::CertificateFacts certificate;
    imagemanager::SourceFacts imagemanager;
    TunnelFacts tunnel;
};

struct UnmanagedFolder {  // holds images, matches the path template, managed by nobody
    std::string id;       // as the folder would have
    std::string path;
    std::string customer;
    std::string machine;
    std::uint64_t images = 0;
    std::uint64_t bytes = 0;
    store::UnixTime newest_written = 0;
};

struct UnmanagedReport {
    std::vector<UnmanagedFolder> folders;
    store::UnixTime searched = 0;  // 0: not yet
    bool complete = false;         // a limit cut the search, or it is not through
    std::vector<std::string> unreadable;
};

// Immutable once published; a new one replaces it when anything in it changes (facts are apart, they always move).
struct Snapshot {
    std::string epoch;  // of the history; a cursor is "<epoch>.<number>"
    std::uint64_t cursor = 0;
    std::vector<store::FolderRecord> folders;               // by path
    std::vector<store::VolumeRecord> volumes;               // by customer, machine, volume
    std::vector<store::FindingRecord> findings;             // open ones: critical first, then oldest first
    std::map<std::string, store::VolumeSettings> settings;  // by volume id
    UnmanagedReport unmanaged;
    std::shared_ptr<const config::Config> config;
};

// One volume analysed afresh from what is remembered of its folder's last good look.
struct VolumeAnalysis {
    store::VolumeRecord record;
    std::vector<spchain::Entry> entries;  // Image::entry indexes these
    spchain::Volume volume;
    std::vector<spchain::Memory> memory;                          // as judged by: vanished ones, too, and those that only records know
    spchain::Rules rules;                                         // by which it was judged
    store::UnixTime looked = 0;                                   // when the folder was last read
    std::vector<store::CheckRecord> checks;                       // the newest of each image of the folder that has one, by name
    std::shared_ptr<const imagemanager::WatchedFolder> recorded;  // what ImageManager's records say of the folder; null: nothing
};

// Why a change was not made; `detail` says it in a sentence.
struct Refusal {
    unsigned status = 400;  // 400, 404, 409, 503
    std::string type;       // problem type, such as "folder-configured"
    std::string detail;
};
template <class T>
using Answer = boost::system::result<T, Refusal>;

class Backend {
public:
    virtual ~Backend() = default;
    [[nodiscard]] virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
    [[nodiscard]] virtual AgentFacts facts() const = 0;
    [[nodiscard]] virtual const ServerCounters& counters() const = 0;
    [[nodiscard]] virtual store::UnixTime now() const = 0;
    // Null: no such volume. Suspends while a pool thread works; 503 when that takes over 30 s.
    [[nodiscard]] virtual boost::asio::awaitable<Answer<std::shared_ptr<const VolumeAnalysis>>> analysis(std::string volume_id) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Answer<store::History::Removed>> removed_since(std::uint64_t cursor) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Answer<std::vector<store::FindingRecord>>> closed_findings() = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Answer<std::vector<store::Sample>>> samples(std::string folder_id) = 0;
    // Changes: `who` and `from` go to the audit log.
    [[nodiscard]] virtual boost::asio::awaitable<Answer<store::FolderRecord>> adopt(store::AdoptedFolder folder, Principal who,
                                                                                    std::string from) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Answer<void>> release(std::string folder_id, Principal who, std::string from) = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Answer<void>> set_volume(std::string volume_id, store::VolumeSettings settings,
                                                                          Principal who, std::string from) = 0;
    // Empty id: all folders, and the discovery roots. Returns at once; the scan goes on.
    [[nodiscard]] virtual boost::asio::awaitable<Answer<void>> rescan(std::string folder_id, Principal who, std::string from) = 0;
    // Counts of all days; no folder is named.
    [[nodiscard]] virtual boost::asio::awaitable<Answer<std::vector<store::ActivityCount>>> report_days() = 0;
    [[nodiscard]] virtual boost::asio::awaitable<Answer<DayReport>> report(spchain::DayNumber day) = 0;
    [[nodiscard]] virtual const std::vector<LogFile>& logs() const = 0;  // by name
    [[nodiscard]] virtual boost::asio::awaitable<Answer<LogPage>> log_page(LogFile log, std::uint64_t offset, bool last,
                                                                           std::size_t lines) = 0;
    // Empty id: what a night would do, now. Gives the number of the run; 409 while another that was asked for goes on.
    [[nodiscard]] virtual boost::asio::awaitable<Answer<std::uint64_t>> verify(std::string volume_id, Principal who, std::string from) = 0;
    // 409: nothing goes on.
    [[nodiscard]] virtual boost::asio::awaitable<Answer<void>> cancel_verification(Principal who, std::string from) = 0;
    [[nodiscard]] virtual const Verification& verification() const = 0;
    // Events after `last_id` ("" : from now on) as text of the SSE format: "id: <cursor>\nevent: changed\ndata: {...}\n\n".
    [[nodiscard]] virtual std::shared_ptr<Feed> events(std::string last_id) = 0;
};

// The API itself: routes, scopes, views, ETags, cache. See resources.cpp.
[[nodiscard]] Handler make_api(std::shared_ptr<Backend> backend);

}  // namespace imc::api
