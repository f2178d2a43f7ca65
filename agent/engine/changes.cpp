// What people ask of the agent through the API: questions that need the stores, and changes, each with its audit record.
#include "agent/engine/abandon.hpp"
#include "agent/engine/agent.hpp"
#include "agent/monitor/catalogue.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace imc::engine {
namespace {

constexpr auto analysis_limit = std::chrono::seconds(30);

api::Refusal store_refusal(boost::system::error_code error) {
    return {503, "store-failed", "The agent's own database could not be used: " + error.message() + ". Try again later."};
}

api::Refusal not_found(const char* what) {
    return {404, "not-found", std::string("There is no ") + what + " with this id. Ids are listed by the collection."};
}

// The listing as of the last good look, out of what is remembered of it.
std::shared_ptr<api::VolumeAnalysis> analyse_volume(const store::VolumeRecord& record, const store::FolderRecord& folder,
                                                    std::vector<spchain::Memory> memory, const std::vector<spchain::Statement>& statements,
                                                    const spchain::Rules& rules, const RecordsView& records, std::int64_t lag) {
    auto result = std::make_shared<api::VolumeAnalysis>();
    result->record = record;
    result->looked = folder.last_good_scan;
    for (const auto& image : memory) {
        if (image.vanished == spchain::no_time) result->entries.push_back({image.name, image.bytes, image.written});
    }
    if (const auto* recorded = records.find(folder.id)) result->recorded = recorded->rows;
    records.remember_lost(memory, folder.id, result->entries, lag, folder.last_good_scan);
    spchain::FolderInput input;
    input.entries = result->entries;
    input.memory = memory;
    input.previous_look = folder.last_good_scan;
    input.now = folder.last_good_scan;
    input.rules = rules;
    input.statements = statements;
    input.rules.expect_md5 = false;  // sidecars are not remembered; the findings of the look itself tell of them
    auto report = spchain::analyse(input);
    for (auto& volume : report.volumes) {
        if (store::volume_id(folder.path, volume.name) == record.id) result->volume = std::move(volume);
    }
    result->memory = std::move(report.memory);
    result->rules = rules;
    return result;
}

}  // namespace

boost::asio::awaitable<api::Answer<std::shared_ptr<const api::VolumeAnalysis>>> Agent::analysis(std::string volume_id) {
    const auto known = snapshot_;
    const auto volume = std::find_if(known->volumes.begin(), known->volumes.end(), [&](const auto& v) { return v.id == volume_id; });
    if (volume == known->volumes.end()) co_return not_found("volume");
    const auto folder =
        std::find_if(known->folders.begin(), known->folders.end(), [&](const auto& f) { return f.id == volume->folder_id; });
    if (folder == known->folders.end()) co_return not_found("folder");
    struct Known {
        std::vector<spchain::Memory> memory;
        store::Statements statements;
        std::vector<store::CheckRecord> checks;
    };
    auto read_known = [id = folder->id](const store::History& history) -> boost::system::result<Known> {
        auto memory = history.memory(id);
        auto statements = history.statements(id);
        auto checks = history.newest_checks(id);
        if (!memory) return memory.error();
        if (!statements) return statements.error();
        if (!checks) return checks.error();
        return Known{std::move(*memory), std::move(*statements), std::move(*checks)};
    };
    auto known_of_folder = co_await parts_.stores->read(std::move(read_known));
    if (!known_of_folder) co_return store_refusal(known_of_folder.error());
    const auto rules = look_rules(config_, now());
    auto work = [record = *volume, of = *folder, k = std::move(*known_of_folder),
                 r = folder->profile == "replica" ? rules.replica : rules.primary, records = judged_by_,
                 lag = config_->lag_seconds]() mutable {
        auto analysed = analyse_volume(record, of, std::move(k.memory), k.statements.list, r, *records, lag);
        analysed->checks = std::move(k.checks);
        return analysed;
    };
    auto result = co_await abandonable(analysis_limit, searching_.place(), std::make_shared<bool>(false), std::move(work));
    if (!result) co_return api::Refusal{503, "too-slow", "The analysis took longer than 30 seconds. Try again later."};
    co_return std::shared_ptr<const api::VolumeAnalysis>(std::move(*result));
}

boost::asio::awaitable<api::Answer<store::History::Removed>> Agent::removed_since(std::uint64_t cursor) {
    auto read_removed = [cursor](const store::History& history) { return history.removed_since(cursor); };
    auto removed = co_await parts_.stores->read(std::move(read_removed));
    if (!removed) co_return store_refusal(removed.error());
    co_return std::move(*removed);
}

boost::asio::awaitable<api::Answer<std::vector<store::FindingRecord>>> Agent::closed_findings() {
    auto read_findings = [](const store::History& history) { return history.findings(true); };
    auto findings = co_await parts_.stores->read(std::move(read_findings));
    if (!findings) co_return store_refusal(findings.error());
    std::erase_if(*findings, [](const auto& finding) { return finding.closed == 0; });
    co_return std::move(*findings);
}

boost::asio::awaitable<api::Answer<std::vector<store::Sample>>> Agent::samples(std::string folder_id) {
    auto read_samples = [id = std::move(folder_id)](const store::History& history) { return history.samples(id); };
    auto samples = co_await parts_.stores->read(std::move(read_samples));
    if (!samples) co_return store_refusal(samples.error());
    co_return std::move(*samples);
}

store::AuditRecord Agent::audit_record(const api::Principal& who, std::string from, std::string action, std::string subject,
                                       std::string detail) const {
    store::AuditRecord record;
    record.at = now();
    record.who = who.id;
    record.from = std::move(from);
    record.action = std::move(action);
    record.subject = std::move(subject);
    record.detail = std::move(detail);
    return record;
}

void Agent::tell_audited(const store::AuditRecord& record) const {
    parts_.log->info("audit: " + record.who + " " + record.action + " " + record.subject);
}

boost::asio::awaitable<void> Agent::audit(store::AuditRecord record) {
    tell_audited(record);
    auto settle_written = [record](store::Settings& settings) { return settings.audit(record); };
    auto written = co_await parts_.stores->settle(std::move(settle_written));
    if (!written) parts_.log->error("cannot write the audit log: " + written.error().message());
}

boost::asio::awaitable<api::Answer<store::FolderRecord>> Agent::adopt(store::AdoptedFolder folder, api::Principal who, std::string from) {
    folder.path = scan::normalise(folder.path);
    folder.since = now();
    if (folder.path.empty()) co_return api::Refusal{400, "bad-path", "The path must be absolute."};
    const auto id = store::folder_id(folder.path);
    if (const auto* spec = spec_of(id)) {
        co_return api::Refusal{409, "folder-watched", "This folder is watched already; its source is " + spec->source + "."};
    }
    const nlohmann::json detail = {{"type", folder.type}};
    const auto record = audit_record(who, std::move(from), "folder.adopt", folder.path, detail.dump());
    auto settle_done = [folder, record](store::Settings& settings) { return settings.adopt(folder, record); };
    auto done = co_await parts_.stores->settle(std::move(settle_done));
    if (!done) co_return store_refusal(done.error());
    tell_audited(record);
    co_await load_settings();
    rebuild_folders();
    auto report = std::make_shared<api::UnmanagedReport>(*unmanaged_);
    std::erase_if(report->folders, [&](const auto& unmanaged) { return unmanaged.id == id; });
    unmanaged_ = std::move(report);
    std::erase_if(own_findings_,
                  [&](const auto& finding) { return finding.second.code == "unmanaged_folder" && finding.first.ends_with(id); });
    co_await published();
    const auto* spec = spec_of(id);
    if (spec == nullptr) co_return api::Refusal{503, "store-failed", "The folder could not be added. Try again later."};
    co_return record_of(*spec, nullptr, now());
}

boost::asio::awaitable<api::Answer<void>> Agent::release(std::string folder_id, api::Principal who, std::string from) {
    const auto* spec = spec_of(folder_id);
    if (spec == nullptr) co_return not_found("folder");
    if (spec->source == "configuration") {
        co_return api::Refusal{409, "folder-configured", "This folder is in the configuration file. Remove it there and reload."};
    }
    const std::string path = spec->path;
    auto record = audit_record(who, std::move(from), "folder.release", path, "{}");
    if (spec->source == "backup_store") {
        const auto known = snapshot_;
        const bool gone = std::any_of(known->folders.begin(), known->folders.end(),
                                      [&](const auto& folder) { return folder.id == folder_id && folder.error == "not_found"; });
        if (!gone)
            co_return api::Refusal{409, "folder-in-store", "This folder lies in a backup store and is there. Release the store instead."};
        scanner_.forget(folder_id);
        co_await audit(std::move(record));
    } else if (spec->source == "imagemanager") {
        co_return api::Refusal{409, "folder-recorded", "ImageManager manages this folder. Stop managing it there."};
    } else {
        auto settle_released = [path, record](store::Settings& settings) { return settings.release(path, record); };
        auto released = co_await parts_.stores->settle(std::move(settle_released));
        if (!released) co_return store_refusal(released.error());
        tell_audited(record);
    }
    co_await load_settings();
    rebuild_folders();
    co_await forget_unwatched();
    co_await published();
    search_now_ = true;
    discovery_wake_.cancel();
    co_return boost::system::result<void, api::Refusal>();
}

boost::asio::awaitable<api::Answer<void>> Agent::set_volume(std::string volume_id, store::VolumeSettings settings, api::Principal who,
                                                            std::string from) {
    const auto known = snapshot_;
    const auto volume = std::find_if(known->volumes.begin(), known->volumes.end(), [&](const auto& v) { return v.id == volume_id; });
    if (volume == known->volumes.end()) co_return not_found("volume");
    nlohmann::json detail = {{"notes_bytes", settings.notes.size()}};
    if (settings.grace_days) detail["grace_days"] = *settings.grace_days;
    const auto record = audit_record(who, std::move(from), "volume.set", volume_id, detail.dump());
    auto settle_done = [volume_id, settings, record](store::Settings& store) {
        return store.set_volume_settings(volume_id, settings, record);
    };
    auto done = co_await parts_.stores->settle(std::move(settle_done));
    if (!done) co_return store_refusal(done.error());
    tell_audited(record);
    // Settings are seen with the volume, so its place in the change feed moves with them.
    auto write_moved = [folder_id = volume->folder_id, volume_id](store::History& history) {
        return history.touch_volume(folder_id, volume_id);
    };
    auto moved = co_await parts_.stores->write(std::move(write_moved));
    if (!moved) co_return store_refusal(moved.error());
    co_await load_settings();
    co_await published();
    co_return boost::system::result<void, api::Refusal>();
}

boost::asio::awaitable<api::Answer<std::uint64_t>> Agent::verify(std::string volume_id, api::Principal who, std::string from) {
    const auto run = verifier_.ask(volume_id);
    if (run == 0) co_return api::Refusal{409, "verification-running", "A verification that was asked for goes on. Wait, or cancel it."};
    auto record = audit_record(who, std::move(from), "verify", volume_id.empty() ? "all" : volume_id, "{}");
    co_await audit(std::move(record));
    co_return api::Answer<std::uint64_t>(boost::system::in_place_value_t(), run);
}

boost::asio::awaitable<api::Answer<void>> Agent::cancel_verification(api::Principal who, std::string from) {
    if (!verifier_.cancel()) co_return api::Refusal{409, "no-verification", "No verification goes on."};
    auto record = audit_record(who, std::move(from), "verify.cancel", "", "{}");
    co_await audit(std::move(record));
    co_return boost::system::result<void, api::Refusal>();
}

boost::asio::awaitable<api::Answer<void>> Agent::rescan(std::string folder_id, api::Principal who, std::string from) {
    if (!scanner_.look_now(folder_id)) co_return not_found("folder");
    if (folder_id.empty()) {
        search_now_ = true;
        discovery_wake_.cancel();
    }
    auto record = audit_record(who, std::move(from), "rescan", folder_id.empty() ? "all" : folder_id, "{}");
    co_await audit(std::move(record));
    co_return boost::system::result<void, api::Refusal>();
}

}  // namespace imc::engine
