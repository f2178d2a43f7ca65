#include "agent/store/writing.hpp"

#include <algorithm>
#include <unordered_map>

namespace imc::store {
namespace {

constexpr std::int64_t tombstone_limit = 10'000;

// What of a folder a reader is told of; space is judged apart.
auto visible(const FolderRecord& f) {
    return std::tie(f.path, f.customer, f.machine, f.type, f.parent_id, f.source, f.profile, f.state, f.error, f.images, f.image_bytes,
                    f.companions, f.foreign, f.settling, f.incrementals_bytes, f.chains, f.retention, f.records);
}

bool moved(const std::optional<std::uint64_t>& seen, const std::optional<std::uint64_t>& now) {
    if (!seen || !now) return seen.has_value() != now.has_value();
    const std::uint64_t difference = *seen > *now ? *seen - *now : *now - *seen;
    return difference > 0 && difference >= *seen / 100;
}

void unearth(Database& database, const std::string& id) {
    Statement(database, "DELETE FROM tombstones WHERE id = ?").run(id);
}

void save_folder(Database& database, const FolderRow& row) {
    static const std::string columns = std::string(folder_columns) + ", seen_free, seen_total";
    static const std::string sql =
        "INSERT INTO folders (" + columns + ") VALUES (" + marks_for(columns) + ") ON CONFLICT (id) DO UPDATE SET " + excluded(columns);
    Statement save(database, sql);
    std::apply([&](const auto&... values) { save.run(values..., row.seen_free, row.seen_total); }, fields_of_folder(row.record));
}

void save_volume(Database& database, std::int64_t fid, const VolumeRecord& volume) {
    static const std::string columns = std::string(volume_columns) + ", fid";
    static const std::string sql =
        "INSERT INTO volumes (" + columns + ") VALUES (" + marks_for(columns) + ") ON CONFLICT (id) DO UPDATE SET " + excluded(columns);
    Statement save(database, sql);
    std::apply([&](const auto&... values) { save.run(values..., fid); }, fields_of_volume(volume));
}

}  // namespace

Writing::Writing(Database& database) : database_(database), transaction_(database) {
    before_ = cursor_ = static_cast<std::uint64_t>(database_.number("SELECT value FROM meta WHERE key = 'cursor'").value_or(0));
}

Result<std::uint64_t> Writing::commit() {
    if (cursor_ != before_) Statement(database_, "UPDATE meta SET value = ? WHERE key = 'cursor'").run(cursor_);
    if (!transaction_.commit()) return database_.failure();
    return cursor_;
}

std::string scan_scope(const std::string& folder_id) {
    return "scan:" + folder_id + ":";
}
std::string look_scope(const std::string& folder_id) {
    return "look:" + folder_id + ":";
}

std::int64_t put_folder(Writing& writing, const std::optional<FolderRow>& old, FolderRecord record) {
    FolderRow row;
    row.seen_free = record.free_bytes;
    row.seen_total = record.total_bytes;
    if (old && visible(old->record) == visible(record) && !moved(old->seen_free, record.free_bytes) &&
        !moved(old->seen_total, record.total_bytes)) {
        record.seq = old->record.seq;
        row.seen_free = old->seen_free;
        row.seen_total = old->seen_total;
    } else {
        record.seq = writing.next();
    }
    if (old && fields_of_folder(old->record) == fields_of_folder(record)) return old->fid;
    row.record = std::move(record);
    save_folder(writing.database(), row);
    if (old) return old->fid;
    unearth(writing.database(), row.record.id);
    const auto made = load_folder(writing.database(), row.record.id);
    return made ? made->fid : 0;
}

void put_volumes(Writing& writing, std::int64_t fid, const std::vector<VolumeRecord>& volumes, UnixTime now) {
    std::unordered_map<std::string, VolumeRecord> old;
    for (auto& volume : load_volumes(writing.database(), fid)) old.emplace(volume.id, std::move(volume));
    for (VolumeRecord volume : volumes) {
        const auto known = old.find(volume.id);
        volume.stale = false;
        if (known != old.end()) {
            volume.first_seen = known->second.first_seen;
            volume.checks = known->second.checks;
            volume.seq = known->second.seq;
            volume.records = known->second.records;
            if (volume.vanished != 0 && known->second.vanished != 0) volume.vanished = known->second.vanished;
            const bool same = fields_of_volume(std::as_const(volume)) == fields_of_volume(std::as_const(known->second));
            old.erase(known);
            if (same) continue;
        } else {
            if (volume.first_seen == 0) volume.first_seen = now;
            unearth(writing.database(), volume.id);
        }
        volume.seq = writing.next();
        save_volume(writing.database(), fid, volume);
    }
    for (auto& [id, volume] : old) {
        if (volume.vanished != 0 && !volume.stale) continue;
        if (volume.vanished == 0) volume.vanished = now;
        volume.stale = false;
        volume.seq = writing.next();
        save_volume(writing.database(), fid, volume);
    }
}

void set_volumes_stale(Writing& writing, std::int64_t fid, bool stale) {
    for (auto& volume : load_volumes(writing.database(), fid)) {
        if (volume.stale == stale) continue;
        volume.stale = stale;
        volume.seq = writing.next();
        save_volume(writing.database(), fid, volume);
    }
}

void put_volume_records(Writing& writing, std::int64_t fid, const std::map<std::string, std::string>& records) {
    for (auto& volume : load_volumes(writing.database(), fid)) {
        const auto found = records.find(volume.id);
        const std::string& wanted = found == records.end() ? std::string() : found->second;
        if (volume.records == wanted) continue;
        volume.records = wanted;
        volume.seq = writing.next();
        save_volume(writing.database(), fid, volume);
    }
}

void move_volume(Writing& writing, std::int64_t fid, const std::string& volume_id) {
    for (auto& volume : load_volumes(writing.database(), fid)) {
        if (volume.id != volume_id) continue;
        volume.seq = writing.next();
        save_volume(writing.database(), fid, volume);
    }
}

void bury(Writing& writing, const char* kind, const std::string& id) {
    Database& database = writing.database();
    Statement(database, "INSERT INTO tombstones (seq, kind, id) VALUES (?, ?, ?)").run(writing.next(), kind, id);
    const auto last_forgotten = [&]() -> std::optional<std::int64_t> {
        Statement query(database, "SELECT seq FROM tombstones ORDER BY seq DESC LIMIT 1 OFFSET ?");
        std::optional<std::int64_t> seq;
        if (query.ask(tombstone_limit).next()) query >> seq;
        return seq;
    }();
    if (!last_forgotten) return;
    Statement(database, "DELETE FROM tombstones WHERE seq <= ?").run(*last_forgotten);
    Statement(database, "UPDATE meta SET value = max(value, ?) WHERE key = 'forgotten'").run(*last_forgotten);
}

}  // namespace imc::store
