// The second half of the source: records beside what looks have found, and what of that is written down.
#include "agent/engine/records_source.hpp"
#include "agent/engine/records_text.hpp"

#include <algorithm>
#include <set>

namespace imc::engine {
namespace {

constexpr std::int64_t day = 86'400;

struct Known {
    std::uint64_t cursor = 0;
    std::vector<store::FolderRecord> folders;
    std::vector<store::VolumeRecord> volumes;
    std::vector<store::FindingRecord> findings;  // only where asked for
};

store::Result<Known> read_known(const store::History& history, bool findings_too) {
    Known known;
    auto cursor = history.cursor();
    auto folders = history.folders();
    auto volumes = history.volumes();
    if (!cursor) return cursor.error();
    if (!folders) return folders.error();
    if (!volumes) return volumes.error();
    known.cursor = *cursor;
    known.folders = std::move(*folders);
    known.volumes = std::move(*volumes);
    if (findings_too) {
        auto findings = history.findings(false);
        if (!findings) return findings.error();
        known.findings = std::move(*findings);
    }
    return known;
}

store::UnixTime newest_of(const std::string& folder_id, const std::vector<store::VolumeRecord>& volumes) {
    store::UnixTime newest = 0;
    for (const auto& volume : volumes) {
        if (volume.folder_id == folder_id && volume.vanished == 0) newest = std::max(newest, volume.newest_written);
    }
    return newest;
}

}  // namespace

boost::asio::awaitable<void> RecordsSource::compare() {
    // What was told stays until the records are known as they are now, or known to be none: live disks held against old records
    // would differ the more the longer it lasts.
    using imagemanager::DatabaseState;
    if (facts_.state == DatabaseState::pending || facts_.state == DatabaseState::unreadable) co_return;
    if (facts_.state == DatabaseState::not_found && view_->records) co_return;
    auto reading = [seeding = !seeded_](const store::History& history) { return read_known(history, seeding); };
    auto known = co_await stores_.read(std::move(reading));
    if (!known) {
        told_.store_error(known.error());
        co_return;
    }
    for (const auto& finding : known->findings) {
        if (!finding.key.starts_with("records:")) continue;
        differences_.told_before(finding.folder_id, finding.code);
        for (const auto& facts : facts_.targets) {
            if (facts.target.path && monitor::target_key(facts.target) == finding.key) there_since_[*facts.target.path] = 0;
        }
    }
    const auto view = view_;
    const auto generation = generation_;
    std::set<std::string> compared;
    // All of them are in the history, and somebody has tried to look at them.
    const auto is_recorded = [&view](const store::FolderRecord& folder) { return view->find(folder.id) != nullptr; };
    const auto there = std::count_if(known->folders.begin(), known->folders.end(), is_recorded);
    bool all = static_cast<std::size_t>(there) == view->folders.size();
    for (const auto& folder : known->folders) {
        const auto* recorded = view->find(folder.id);
        if (recorded == nullptr) continue;
        if (folder.last_good_scan == 0) {
            all = all && folder.state != "pending";
            continue;
        }
        compared.insert(folder.id);
        const bool done = co_await compare_folder(folder, *recorded, generation);
        if (!done || stop_.stop_requested()) co_return;
    }
    std::erase_if(compared_, [&](const auto& one) { return !compared.contains(one.first); });
    differences_.keep(compared);
    // Folders that nobody has looked at yet are no reason to close what is told of them.
    if (!all && !seeded_) co_return;

    std::map<std::string, imagemanager::Comparison> lasting;
    for (const auto& [id, one] : compared_) lasting[id] = differences_.lasting(id, one.comparison, clock_(), config_->lag_seconds);
    seeded_ = true;
    differences_.first_round_done();
    std::vector<store::RecordsChange> changes;
    for (const auto& folder : known->folders) {
        store::RecordsChange change;
        change.folder_id = folder.id;
        const auto found = lasting.find(folder.id);
        if (found != lasting.end()) {
            const auto& recorded = *view->find(folder.id);
            change.folder = folder_records_text(recorded, found->second, facts_.targets);
            for (const auto& volume : known->volumes) {
                if (volume.folder_id != folder.id) continue;
                change.volumes[volume.id] = volume_records_text(recorded, found->second, volume.volume);
            }
        }
        bool same = change.folder == folder.records;
        for (const auto& volume : known->volumes) {
            if (volume.folder_id != folder.id) continue;
            const auto wanted = change.volumes.find(volume.id);
            same = same && volume.records == (wanted == change.volumes.end() ? std::string() : wanted->second);
        }
        if (!same) changes.push_back(std::move(change));
    }
    auto findings = monitor::records_findings(state_of(known->folders, known->volumes, lasting), *config_, clock_());
    co_await write(std::move(changes), std::move(findings));
}

boost::asio::awaitable<bool> RecordsSource::compare_folder(const store::FolderRecord& folder, const RecordedFolder& recorded,
                                                           std::uint64_t generation) {
    const auto& compared = compared_[folder.id];
    if (compared.generation == generation && compared.digest == folder.digest) co_return true;
    auto reading = [id = folder.id](const store::History& history) { return history.memory(id); };
    auto memory = co_await stores_.read(std::move(reading));
    if (!memory) {
        told_.store_error(memory.error());
        co_return false;
    }
    auto work = [rows = recorded.rows, m = std::move(*memory)] { return imagemanager::compare(*rows, m); };
    const auto place = reading_.place();
    auto result = co_await shuttle::io::on(place.executor(), std::move(work));
    // Images in the root of a store are managed by nobody, which the look tells.
    if (folder.type == "backup_store") result.unknown.clear();
    // The map may have lost it meanwhile, by a new configuration.
    auto& now = compared_[folder.id];
    now.comparison = std::move(result);
    now.generation = generation;
    now.digest = folder.digest;
    co_return true;
}

monitor::RecordsState RecordsSource::state_of(const std::vector<store::FolderRecord>& folders,
                                              const std::vector<store::VolumeRecord>& volumes,
                                              std::map<std::string, imagemanager::Comparison>& lasting) const {
    monitor::RecordsState state;
    std::map<std::string, std::string> paths;
    for (const auto& folder : folders) {
        paths[folder.id] = folder.path;
        const auto found = lasting.find(folder.id);
        if (found != lasting.end()) state.folders.push_back({&folder, std::move(found->second), newest_of(folder.id, volumes)});
    }
    state.left_behind = view_->left_behind;
    state.not_mapped = view_->not_mapped;
    for (const auto& facts : facts_.targets) {
        if (!facts.target.live) {
            if (facts.target.path) state.left_behind.push_back(*facts.target.path);
            continue;
        }
        monitor::TargetState target;
        target.facts = &facts;
        const auto since = facts.target.path ? there_since_.find(*facts.target.path) : there_since_.end();
        target.just_back = since != there_since_.end() && clock_() - since->second < day;
        for (const auto& id : facts.folder_ids) {
            if (const auto path = paths.find(id); path != paths.end()) target.folder_paths.push_back(path->second);
            target.newest_written = std::max(target.newest_written, newest_of(id, volumes));
        }
        state.targets.push_back(std::move(target));
    }
    return state;
}

boost::asio::awaitable<void> RecordsSource::write(std::vector<store::RecordsChange> changes, std::vector<store::FindingRecord> findings) {
    auto writing = [changes = std::move(changes), findings = std::move(findings),
                    now = clock_()](store::History& history) -> store::Result<std::uint64_t> {
        const auto before = history.cursor();
        if (!before) return before.error();
        for (const auto& change : changes) {
            if (const auto done = history.set_records(change); !done) return done.error();
        }
        const auto after = history.set_findings("records:", findings, now);
        if (!after) return after.error();
        return *after - *before;
    };
    const auto moved = co_await stores_.write(std::move(writing));
    if (!moved) told_.store_error(moved.error());
    if (moved && *moved != 0) told_.history_changed();
}

}  // namespace imc::engine
