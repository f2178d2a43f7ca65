// The steps that the writing functions of History are made of. Each runs within one Writing and leaves errors with the
// database. Internal to agent/store. What it is not: a public way to write.
#pragma once

#include "agent/store/rows.hpp"

namespace imc::store {

// One transaction, and the change cursor that it moves.
class Writing {
public:
    explicit Writing(Database& database);
    // The cursor of the next change that a reader can see.
    [[nodiscard]] std::uint64_t next() noexcept { return ++cursor_; }
    [[nodiscard]] Database& database() const noexcept { return database_; }
    // Nothing is kept where anything failed.
    [[nodiscard]] Result<std::uint64_t> commit();

private:
    Database& database_;
    Transaction transaction_;
    std::uint64_t before_ = 0;
    std::uint64_t cursor_ = 0;
};

// The row of `record`, made or brought up to date; gives its fid. `old` is what load_folder gave for record.id.
std::int64_t put_folder(Writing& writing, const std::optional<FolderRow>& old, FolderRecord record);
void put_volumes(Writing& writing, std::int64_t fid, const std::vector<VolumeRecord>& volumes, UnixTime now);
void set_volumes_stale(Writing& writing, std::int64_t fid, bool stale);
// What ImageManager's records say of the volumes of a folder, by id.
void put_volume_records(Writing& writing, std::int64_t fid, const std::map<std::string, std::string>& records);
void move_volume(Writing& writing, std::int64_t fid, const std::string& volume_id);
// What the checks of this folder's images come to, per volume (history_checks.cpp).
void sum_up_checks(Writing& writing, std::int64_t fid);
// Drops checks from before a time that are not the newest of an image that is remembered.
void tidy_checks(Writing& writing, UnixTime before);
void add_counts(Writing& writing, const std::vector<ActivityCount>& counts);
void settle_troubles(Writing& writing, const std::vector<std::uint64_t>& numbers);
void put_memory(Writing& writing, std::int64_t fid, const std::string& folder_id, const std::vector<spchain::Memory>& memory);
void put_findings(Writing& writing, const std::string& scope, const std::vector<FindingRecord>& open, UnixTime now);
// All open ones about this folder, of whatever scope.
void close_findings_of_folder(Writing& writing, const std::string& folder_id, UnixTime now);
void bury(Writing& writing, const char* kind, const std::string& id);

// Scopes of the findings of a folder's look.
[[nodiscard]] std::string scan_scope(const std::string& folder_id);
[[nodiscard]] std::string look_scope(const std::string& folder_id);

}  // namespace imc::store
