#include "agent/store/history_impl.hpp"

namespace imc::store {
namespace {

// What configuration says of a folder, as opposed to what a look finds.
void take_description(FolderRecord& into, const FolderRecord& from) {
    into.path = from.path;
    into.customer = from.customer;
    into.machine = from.machine;
    into.type = from.type;
    into.parent_id = from.parent_id;
    into.source = from.source;
    into.profile = from.profile;
}

// The record to work on: what is stored with the newest description, or the given one for the first time.
FolderRecord described(const std::optional<FolderRow>& old, const FolderRecord& given, UnixTime now) {
    FolderRecord out = old ? old->record : given;
    if (old) take_description(out, given);
    if (out.first_seen == 0) out.first_seen = now;
    return out;
}

}  // namespace

Result<std::uint64_t> History::declare(const FolderRecord& folder, UnixTime now) {
    Writing writing(*impl_->database);
    const auto old = load_folder(writing.database(), folder.id);
    put_folder(writing, old, described(old, folder, now));
    return writing.commit();
}

Result<std::uint64_t> History::apply(const FolderChange& change, UnixTime now) {
    Writing writing(*impl_->database);
    const auto old = load_folder(writing.database(), change.folder.id);
    FolderRecord folder = change.folder;
    if (old) folder.first_seen = old->record.first_seen;
    if (old) folder.records = old->record.records;
    if (folder.first_seen == 0) folder.first_seen = now;
    folder.last_scan = folder.last_good_scan = now;
    const std::int64_t fid = put_folder(writing, old, folder);
    put_volumes(writing, fid, change.volumes, now);
    if (change.images_changed) {
        put_memory(writing, fid, folder.id, change.memory);
        sum_up_checks(writing, fid);
    }
    put_findings(writing, scan_scope(folder.id), change.findings, now);
    put_findings(writing, look_scope(folder.id), {}, now);
    add_counts(writing, change.activity);
    settle_troubles(writing, change.settled);
    return writing.commit();
}

Result<std::uint64_t> History::mark_stale(const FolderRecord& given, const std::vector<FindingRecord>& findings, UnixTime now) {
    Writing writing(*impl_->database);
    const auto old = load_folder(writing.database(), given.id);
    FolderRecord folder = described(old, given, now);
    folder.state = "stale";
    folder.error = given.error;
    folder.last_scan = now;
    const std::int64_t fid = put_folder(writing, old, folder);
    set_volumes_stale(writing, fid, true);
    put_findings(writing, look_scope(folder.id), findings, now);
    return writing.commit();
}

Result<std::uint64_t> History::touch(const std::string& folder_id, UnixTime now, std::optional<std::uint64_t> free_bytes,
                                     std::optional<std::uint64_t> total_bytes) {
    Writing writing(*impl_->database);
    const auto old = load_folder(writing.database(), folder_id);
    if (!old) {
        writing.database().fail(errc::failed);
        return writing.commit();
    }
    FolderRecord folder = old->record;
    folder.last_scan = folder.last_good_scan = now;
    folder.free_bytes = free_bytes;
    folder.total_bytes = total_bytes;
    if (folder.state == "stale") {
        folder.state = "ok";
        folder.error.clear();
    }
    put_folder(writing, old, folder);
    set_volumes_stale(writing, old->fid, false);
    Statement(writing.database(), "UPDATE scopes SET seen = ? WHERE scope = ?").run(now, scan_scope(folder_id));
    put_findings(writing, look_scope(folder_id), {}, now);
    return writing.commit();
}

Result<std::uint64_t> History::touch_volume(const std::string& folder_id, const std::string& volume_id) {
    Writing writing(*impl_->database);
    const auto folder = load_folder(writing.database(), folder_id);
    if (!folder) return writing.commit();
    move_volume(writing, folder->fid, volume_id);
    return writing.commit();
}

Result<std::uint64_t> History::set_records(const RecordsChange& change) {
    Writing writing(*impl_->database);
    const auto old = load_folder(writing.database(), change.folder_id);
    if (!old) return writing.commit();
    FolderRecord folder = old->record;
    folder.records = change.folder;
    put_folder(writing, old, folder);
    put_volume_records(writing, old->fid, change.volumes);
    return writing.commit();
}

Result<std::uint64_t> History::remove_folder(const std::string& folder_id, UnixTime now) {
    Writing writing(*impl_->database);
    const auto old = load_folder(writing.database(), folder_id);
    if (!old) return writing.commit();
    for (const auto& volume : load_volumes(writing.database(), old->fid)) bury(writing, "volume", volume.id);
    bury(writing, "folder", folder_id);
    close_findings_of_folder(writing, folder_id, now);
    Statement(writing.database(), "DELETE FROM folders WHERE fid = ?").run(old->fid);
    return writing.commit();
}

Result<void> History::add_sample(const std::string& folder_id, const Sample& sample) {
    Writing writing(*impl_->database);
    const auto folder = load_folder(writing.database(), folder_id);
    if (!folder) {
        writing.database().fail(errc::failed);
    } else {
        constexpr std::int64_t day_seconds = 86'400;
        const std::int64_t day = (sample.at - (sample.at < 0 ? day_seconds - 1 : 0)) / day_seconds;
        Statement(writing.database(),
                  "INSERT INTO samples (fid, day, at, image_bytes, images, free_bytes) VALUES (?, ?, ?, ?, ?, ?) "
                  "ON CONFLICT (fid, day) DO UPDATE SET at = excluded.at, image_bytes = excluded.image_bytes, images = excluded.images, "
                  "free_bytes = excluded.free_bytes WHERE excluded.at >= samples.at")
            .run(folder->fid, day, sample.at, sample.image_bytes, sample.images, sample.free_bytes);
    }
    const auto done = writing.commit();
    if (!done) return done.error();
    return {};
}

Result<void> History::tidy(UnixTime findings_before, UnixTime samples_before) {
    constexpr std::int64_t vanished_seconds = 90 * std::int64_t{86'400};
    Database& database = *impl_->database;
    {
        Writing writing(database);
        // A reader that never heard of a finding's end must start anew.
        Statement(database,
                  "UPDATE meta SET value = max(value, coalesce((SELECT max(seq) FROM findings WHERE closed <> 0 AND closed < ?), 0)) "
                  "WHERE key = 'forgotten'")
            .run(findings_before);
        Statement(database, "DELETE FROM findings WHERE closed <> 0 AND closed < ?").run(findings_before);
        Statement(database, "DELETE FROM samples WHERE at < ?").run(samples_before);
        tidy_checks(writing, samples_before);
        Statement(database, "DELETE FROM activity WHERE day < ?").run(samples_before / 86'400);
        Statement(database, "DELETE FROM entries WHERE at < ?").run(samples_before);
        const auto newest_scan = database.number("SELECT max(last_scan) FROM folders").value_or(0);
        std::vector<std::string> gone;
        {
            Statement query(database, "SELECT id FROM volumes WHERE vanished <> 0 AND vanished < ?");
            query.ask(newest_scan - vanished_seconds);
            while (query.next()) query >> gone.emplace_back();
        }
        for (const auto& id : gone) {
            bury(writing, "volume", id);
            Statement(database, "DELETE FROM volumes WHERE id = ?").run(id);
        }
        const auto done = writing.commit();
        if (!done) return done.error();
    }
    database.execute("PRAGMA analysis_limit = 400; PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
    if (database.failed()) return database.failure();
    return {};
}

}  // namespace imc::store
