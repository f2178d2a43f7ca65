// Records as rows: which member is which column, and what of a record a reader can see change. Internal to agent/store.
// What it is not: the layout itself (layout.cpp) or the rules of what is written when (history_*.cpp).
#pragma once

#include "agent/store/sqlite.hpp"

#include <tuple>

namespace imc::store {

// All members in the order of folder_columns.
template <class Folder>
auto fields_of_folder(Folder& f) {
    return std::tie(f.id, f.path, f.customer, f.machine, f.type, f.parent_id, f.source, f.profile, f.state, f.error, f.identity, f.digest,
                    f.images, f.image_bytes, f.companions, f.foreign, f.settling, f.incrementals_bytes, f.chains, f.retention, f.records,
                    f.free_bytes, f.total_bytes, f.first_seen, f.last_scan, f.last_good_scan, f.seq);
}
inline constexpr const char* folder_columns =
    "id, path, customer, machine, type, parent_id, source, profile, state, error, identity, digest, images, image_bytes, companions, "
    "foreign_files, settling, incrementals_bytes, chains, retention, records, free_bytes, total_bytes, first_seen, last_scan, "
    "last_good_scan, seq";

template <class Volume>
auto fields_of_volume(Volume& v) {
    return std::tie(v.id, v.folder_id, v.volume, v.machine, v.customer, v.usage_bytes, v.retention_bytes, v.images, v.chains, v.base,
                    v.base_written, v.newest_image, v.newest_written, v.newest_point, v.verdict, v.newest_restorable_point,
                    v.newest_restorable_written, v.points[0], v.points[1], v.points[2], v.points[3], v.first_seen, v.vanished, v.stale,
                    v.checks.good, v.checks.failed, v.checks.others, v.checks.oldest, v.checks.newest, v.records, v.seq);
}
inline constexpr const char* volume_columns =
    "id, folder_id, volume, machine, customer, usage_bytes, retention_bytes, images, chains, base, base_written, newest_image, "
    "newest_written, newest_point, verdict, newest_restorable_point, newest_restorable_written, points_broken, points_doubtful, "
    "points_presumed, points_certain, first_seen, vanished, stale, checks_good, checks_failed, checks_others, checks_oldest, "
    "checks_newest, records, seq";

// What stays the same while a finding stays open; the times and seq are apart.
template <class Finding>
auto fields_of_finding(Finding& f) {
    return std::tie(f.key, f.code, f.severity, f.domain, f.who, f.self_heals, f.says, f.remedy, f.evidence, f.folder_id, f.volume_id);
}
inline constexpr const char* finding_columns = "key, code, severity, domain, who, self_heals, says, remedy, evidence, folder_id, volume_id";

// The next row's columns into the members of a tie.
template <class... Members>
void read_into(Statement& row, std::tuple<Members&...> members) {
    std::apply([&row](auto&... member) { (row >> ... >> member); }, members);
}

// "?, ?, ?": as many as there are columns in a comma-separated list.
[[nodiscard]] std::string marks_for(const std::string& columns);
// "a = excluded.a, b = excluded.b".
[[nodiscard]] std::string excluded(const std::string& columns);

struct FolderRow {
    std::int64_t fid = 0;
    FolderRecord record;
    std::optional<std::uint64_t> seen_free;
    std::optional<std::uint64_t> seen_total;
};
[[nodiscard]] std::optional<FolderRow> load_folder(Database& database, const std::string& id);
[[nodiscard]] std::vector<VolumeRecord> load_volumes(Database& database, std::int64_t fid);
[[nodiscard]] std::vector<spchain::Memory> load_memory(Database& database, const std::string& folder_id);

}  // namespace imc::store
