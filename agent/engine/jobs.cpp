// The jobs that keep the agent current; each is a named coroutine of the supervisor.
#include "agent/api/views.hpp"
#include "agent/engine/abandon.hpp"
#include "agent/engine/agent.hpp"
#include "agent/host/process.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/own_state.hpp"
#include "agent/monitor/troubles.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <nlohmann/json.hpp>
#include <tuple>

namespace imc::engine {
namespace {

using std::chrono::seconds;

constexpr auto publish_pause = std::chrono::milliseconds(250);  // many folders that finish together are one publication
constexpr auto published_poll = std::chrono::milliseconds(10);
constexpr auto publish_at_least = seconds(60);  // for what comes with time alone
constexpr auto settings_interval = seconds(2);
constexpr std::int64_t day = 86'400;

boost::asio::awaitable<void> wait(boost::asio::steady_timer& timer, std::chrono::steady_clock::duration limit) {
    timer.expires_after(limit);
    boost::system::error_code woken;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
}

int rank(const std::string& severity) {
    return severity == "critical" ? 0 : severity == "warning" ? 1 : 2;
}

void sort_for_readers(api::Snapshot& snapshot) {
    std::sort(snapshot.folders.begin(), snapshot.folders.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    std::sort(snapshot.volumes.begin(), snapshot.volumes.end(), [](const auto& a, const auto& b) {
        return std::tie(a.customer, a.machine, a.volume, a.id) < std::tie(b.customer, b.machine, b.volume, b.id);
    });
    std::sort(snapshot.findings.begin(), snapshot.findings.end(), [](const auto& a, const auto& b) {
        return std::tuple(rank(a.severity), a.first_seen, a.key) < std::tuple(rank(b.severity), b.first_seen, b.key);
    });
}

// Everything a reader sees, read in one go.
boost::system::result<std::shared_ptr<api::Snapshot>> read_snapshot(const store::History& history) {
    auto snapshot = std::make_shared<api::Snapshot>();
    auto epoch = history.epoch();
    auto cursor = history.cursor();
    auto folders = history.folders();
    auto volumes = history.volumes();
    auto findings = history.findings(false);
    if (!epoch) return epoch.error();
    if (!cursor) return cursor.error();
    if (!folders) return folders.error();
    if (!volumes) return volumes.error();
    if (!findings) return findings.error();
    snapshot->epoch = std::move(*epoch);
    snapshot->cursor = *cursor;
    snapshot->folders = std::move(*folders);
    snapshot->volumes = std::move(*volumes);
    snapshot->findings = std::move(*findings);
    sort_for_readers(*snapshot);
    return snapshot;
}

// What ImageManager complained of and nothing has settled.
boost::system::result<std::uint64_t> judge_troubles(store::History& history, const std::vector<store::FolderRecord>& folders,
                                                    store::UnixTime now) {
    const auto troubles = history.troubles();
    const auto successes = history.successes();
    if (!troubles) return troubles.error();
    if (!successes) return successes.error();
    const auto judged = monitor::from_troubles(*troubles, *successes, folders, now);
    if (!judged.ended.empty()) {
        if (const auto dropped = history.drop_troubles(judged.ended); !dropped) return dropped.error();
    }
    return history.set_findings("events:", judged.findings, now);
}

}  // namespace

// New folders, and those whose customer or type changed, are readers' news before they are looked at.
boost::asio::awaitable<void> Agent::declare_folders() {
    const auto specs = scanner_.folders();
    for (const FolderSpec& spec : specs) {
        const auto declared = declared_.find(spec.id);
        if (declared != declared_.end() && declared->second == spec) continue;
        auto write_done = [record = record_of(spec, nullptr, now()), when = now()](store::History& history) {
            return history.declare(record, when);
        };
        auto done = co_await parts_.stores->write(std::move(write_done));
        if (done) {
            declared_[spec.id] = spec;
        } else {
            store_failed(done.error());
        }
    }
    std::erase_if(declared_, [&](const auto& one) { return spec_of(one.first) == nullptr; });
}

boost::asio::awaitable<boost::system::result<std::shared_ptr<api::Snapshot>>> Agent::read_history() {
    auto read_all = [](const store::History& history) { return read_snapshot(history); };
    co_return co_await parts_.stores->read(std::move(read_all));
}

// What was found may be stale, too old or too large, too: no reader sees the one without the other.
boost::asio::awaitable<void> Agent::publish() {
    changed_ = false;
    const ScanFacts scans = scanner_.facts();
    co_await declare_folders();
    if (std::exchange(forget_unwatched_, false)) co_await forget_unwatched();
    auto read = co_await read_history();
    if (read && co_await judge_over_time(**read)) read = co_await read_history();
    if (!read) {
        parts_.log->error("cannot read the history: " + read.error().message());
        co_return;
    }
    auto next = std::move(*read);
    next->settings = settings_;
    next->unmanaged = *unmanaged_;
    next->config = config_;
    const auto before = std::exchange(snapshot_, next);
    published_scans_ = scans;
    if (before->cursor == next->cursor) co_return;
    announce(*before, *next);
    records_.looks_changed();
}

void Agent::announce(const api::Snapshot& before, const api::Snapshot& after) {
    nlohmann::json data = {{"cursor", after.epoch + "." + std::to_string(after.cursor)}};
    const auto list = [&](const char* name, const auto& records, const auto& id) {
        auto& ids = data[name] = nlohmann::json::array();
        for (const auto& record : records) {
            if (record.seq > before.cursor && ids.size() < 200) ids.push_back(id(record));
        }
    };
    list("folders", after.folders, [](const auto& record) { return record.id; });
    list("volumes", after.volumes, [](const auto& record) { return record.id; });
    list("findings", after.findings, [](const auto& record) { return record.key; });
    events_.publish(after.cursor, "changed", data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// Beside the cursor: whoever missed one reads /v1/verify.
void Agent::announce_verification() {
    const auto data = api::verification_json(verifier_.state());
    events_.publish(snapshot_->cursor, "verification", api::text_of(data));
}

boost::asio::awaitable<void> Agent::publish_loop() {
    while (!stopping_.stop_requested()) {
        if (!changed_) co_await wait(publish_wake_, publish_at_least);
        if (wanted_ == served_) co_await shuttle::io::pause(publish_pause);
        const auto serving = wanted_;
        co_await publish();
        served_ = serving;
        if (now() - tidied_ > day) co_await tidy();
    }
}

boost::asio::awaitable<void> Agent::published() {
    const auto mine = ++wanted_;
    changed();
    const auto given_up = std::chrono::steady_clock::now() + publish_at_least;
    while (served_ < mine && !stopping_.stop_requested() && std::chrono::steady_clock::now() < given_up) {
        co_await shuttle::io::pause(published_poll);
    }
}

boost::asio::awaitable<bool> Agent::judge_over_time(const api::Snapshot& snapshot) {
    monitor::Known known;
    known.folders = snapshot.folders;
    known.volumes = snapshot.volumes;
    known.settings = settings_;
    known.scanning_since = facts_.started;
    auto open = monitor::over_time(known, *config_, now());
    auto own = own_findings();
    auto write_open = [open = std::move(open), own = std::move(own), folders = snapshot.folders, when = now()](store::History& history) {
        auto result = history.set_findings("time:", open, when);
        if (result) result = history.set_findings("agent:", own, when);
        return result ? judge_troubles(history, folders, when) : result;
    };
    auto cursor = co_await parts_.stores->write(std::move(write_open));
    if (!cursor) store_failed(cursor.error());
    co_return cursor&&* cursor != snapshot.cursor;
}

boost::asio::awaitable<void> Agent::tidy() {
    tidied_ = now();
    const auto findings_before = tidied_ - config_->keep_closed_findings_days * day;
    const auto samples_before = tidied_ - config_->keep_samples_days * day;
    auto write_done = [findings_before, samples_before](store::History& history) { return history.tidy(findings_before, samples_before); };
    auto done = co_await parts_.stores->write(std::move(write_done));
    if (!done) store_failed(done.error());
    host::release_memory();
}

boost::asio::awaitable<void> Agent::load_settings() {
    struct Loaded {
        std::vector<store::TokenRecord> tokens;
        std::vector<store::AdoptedFolder> adopted;
        std::map<std::string, store::VolumeSettings> volumes;
        std::vector<store::ShareRecord> shares;
        std::uint64_t version = 0;
    };
    auto settle_loaded = [](store::Settings& settings) -> boost::system::result<Loaded> {
        Loaded all;
        auto version = settings.data_version();
        auto tokens = settings.tokens();
        auto adopted = settings.adopted();
        auto volumes = settings.volume_settings();
        auto shares = settings.shares();
        if (!version) return version.error();
        if (!tokens) return tokens.error();
        if (!adopted) return adopted.error();
        if (!volumes) return volumes.error();
        if (!shares) return shares.error();
        return Loaded{std::move(*tokens), std::move(*adopted), std::move(*volumes), std::move(*shares), *version};
    };
    auto loaded = co_await parts_.stores->settle(std::move(settle_loaded));
    if (!loaded) {
        parts_.log->error("cannot read the settings: " + loaded.error().message());
        co_return;
    }
    parts_.gate->set_tokens(std::move(loaded->tokens));
    adopted_ = std::move(loaded->adopted);
    settings_ = std::move(loaded->volumes);
    shares_.set(std::move(loaded->shares));
    settings_version_ = loaded->version;
}

// The command line adds and revokes tokens in the same file; it must not take a restart to notice.
boost::asio::awaitable<void> Agent::settings_loop() {
    while (!stopping_.stop_requested()) {
        co_await shuttle::io::pause(settings_interval);
        co_await refresh_settings();
    }
}

boost::asio::awaitable<void> Agent::refresh_settings() {
    auto settle_version = [](store::Settings& settings) { return settings.data_version(); };
    auto version = co_await parts_.stores->settle(std::move(settle_version));
    if (!version || *version == settings_version_) co_return;
    co_await load_settings();
    rebuild_folders();
    changed();
}

// Folders that the history has and nobody wants any more.
boost::asio::awaitable<bool> Agent::forget_unwatched() {
    auto read_known = [](const store::History& history) { return history.folders(); };
    auto known = co_await parts_.stores->read(std::move(read_known));
    if (!known) co_return false;
    bool any = false;
    for (const auto& folder : *known) {
        if (spec_of(folder.id) != nullptr) continue;
        auto write_removed = [id = folder.id, when = now()](store::History& history) { return history.remove_folder(id, when); };
        auto removed = co_await parts_.stores->write(std::move(write_removed));
        if (!removed) store_failed(removed.error());
        parts_.log->info("no longer watched: " + folder.path);
        any = true;
    }
    co_return any;
}

}  // namespace imc::engine
