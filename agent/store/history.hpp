// What scans found, in SQLite: folders, volumes, images, findings, samples and a change cursor. It can be
// rebuilt by scanning (only the memory of the past would be lost), so it runs WAL with synchronous NORMAL.
// What it is not: the place of tokens, adopted folders or settings (settings.hpp), and not thread-safe: one
// object belongs to one thread or strand at a time. One History opened `read_write` exists at most; it alone
// checkpoints (SQLite 3.40 has a race between a checkpoint of one connection and a write of another).
// A reader that wants folders, volumes, findings and a cursor that belong together asks for the cursor first: what it
// then reads is as new or newer. errc::damaged from any call: close it and open it anew, which sets the file aside.
#pragma once

#include "agent/store/activity.hpp"
#include "agent/store/checks.hpp"
#include "agent/store/records.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <vector>

namespace imc::store {

enum class errc {
    ok = 0,
    cannot_open,  // the file or its folder cannot be opened or made
    damaged,      // it is no database, or the integrity check failed
    too_new,      // written by a newer version of the program
    full,         // the disk is full; nothing of the transaction was kept
    failed,       // any other error of SQLite
};
[[nodiscard]] const boost::system::error_category& category() noexcept;
[[nodiscard]] inline boost::system::error_code make_error_code(errc e) noexcept {
    return {static_cast<int>(e), category()};
}

template <class T>
using Result = boost::system::result<T>;

struct Opened;  // below

class History {
public:
    enum class Mode { read_write, read_only };
    ~History();
    History(History&&) noexcept;
    History& operator=(History&&) noexcept;

    // read_write: makes the file where it is missing, migrates it, checks it (quick_check), and sets a damaged one
    // aside as "<path>.damaged-<unix time>" before starting an empty one.
    // read_only: a second connection for queries; the file must exist. `now` names the set-aside file.
    [[nodiscard]] static Result<Opened> open(const std::string& path, Mode mode, UnixTime now);

    // --- writing ---
    // All return the cursor after them; each is one transaction of which everything or nothing is kept.
    // A folder that is to be managed: makes its row (state as given) or brings its path, customer, machine, type,
    // parent, source and profile up to date. Nothing else of a known folder changes.
    [[nodiscard]] Result<std::uint64_t> declare(const FolderRecord& folder, UnixTime now);
    // One good look. Writes only rows that differ. The times of the look are `now`, first_seen of what is known stays,
    // volumes are not stale, and the findings of scope "look:<folder id>:" are closed. What moves without meaning (times,
    // digest, identity, space by less than 1 % since the last change) is kept without moving the cursor.
    [[nodiscard]] Result<std::uint64_t> apply(const FolderChange& change, UnixTime now);
    // The folder could not be read: keeps all data, marks folder and volumes stale with folder.error, and brings what
    // declare() would up to date. `findings` are all open ones of scope "look:<folder id>:".
    [[nodiscard]] Result<std::uint64_t> mark_stale(const FolderRecord& folder, const std::vector<FindingRecord>& findings, UnixTime now);
    // Nothing changed: only the times of the look, which readers see without a new cursor (unless a stale folder recovers,
    // or space moved by 1 % or more). Closes scope "look:<folder id>:". An unknown folder is errc::failed.
    [[nodiscard]] Result<std::uint64_t> touch(const std::string& folder_id, UnixTime now, std::optional<std::uint64_t> free_bytes,
                                              std::optional<std::uint64_t> total_bytes);
    // What people set for a volume has changed: readers see it with the volume, so the volume moves the cursor.
    [[nodiscard]] Result<std::uint64_t> touch_volume(const std::string& folder_id, const std::string& volume_id);
    // What ImageManager's records say, as opposed to what looks find, which never touch it. An unknown folder: nothing.
    [[nodiscard]] Result<std::uint64_t> set_records(const RecordsChange& change);
    // A folder that is managed no more: its rows go, its findings close, tombstones stay (10,000 at most). Unknown: nothing.
    [[nodiscard]] Result<std::uint64_t> remove_folder(const std::string& folder_id, UnixTime now);
    // Opens, updates and closes the findings whose key begins with `scope` so that exactly `open` are open.
    // first_seen of one that stays open is kept; one that differs only in last_seen does not move the cursor. One that was
    // closed and opens again is a new record; the closed one stays until tidy(). A key without `scope`: errc::failed.
    [[nodiscard]] Result<std::uint64_t> set_findings(const std::string& scope, const std::vector<FindingRecord>& open, UnixTime now);
    // Replaces an earlier one of the same UTC day. An unknown folder is errc::failed.
    [[nodiscard]] Result<void> add_sample(const std::string& folder_id, const Sample& sample);
    // Results of checks of images' bytes, which are kept; volumes show them. Where one changes whether its image is taken for
    // damaged, the folder's next look is judged anew. Those of unknown folders are passed over.
    [[nodiscard]] Result<std::uint64_t> add_checks(const std::vector<CheckRecord>& checks);
    // What a reading of logs and events found. Troubles that are known become newer; the oldest entries and troubles beyond their
    // limits go. The cursor stays.
    [[nodiscard]] Result<void> add_activity(const ActivityChange& change);
    // Troubles that were settled; unknown numbers are passed over.
    [[nodiscard]] Result<void> drop_troubles(const std::vector<std::uint64_t>& numbers);
    // Drops closed findings older than `findings_before`, samples older than `samples_before`, and volumes that had vanished
    // 90 days before the newest scan; runs PRAGMA optimize; checkpoints.
    [[nodiscard]] Result<void> tidy(UnixTime findings_before, UnixTime samples_before);

    // --- reading ---
    [[nodiscard]] Result<std::uint64_t> cursor() const;
    // Random, made with the file: a cursor from another epoch means nothing here.
    [[nodiscard]] Result<std::string> epoch() const;
    [[nodiscard]] Result<std::vector<FolderRecord>> folders() const;
    [[nodiscard]] Result<std::vector<VolumeRecord>> volumes() const;
    // Open ones, and closed ones when asked; newest first_seen first.
    [[nodiscard]] Result<std::vector<FindingRecord>> findings(bool closed_too) const;
    // Sorted by name in byte order, as spchain::analyse wants it.
    [[nodiscard]] Result<std::vector<spchain::Memory>> memory(const std::string& folder_id) const;
    [[nodiscard]] Result<std::vector<Sample>> samples(const std::string& folder_id) const;
    // The newest check of each image that has one, by name in byte order; images that are gone included.
    [[nodiscard]] Result<std::vector<CheckRecord>> newest_checks(const std::string& folder_id) const;
    // Bytes that checks from `since` on have read.
    [[nodiscard]] Result<std::uint64_t> bytes_checked(UnixTime since) const;
    // What is said of a folder's images from elsewhere than its listing.
    [[nodiscard]] Result<Statements> statements(const std::string& folder_id) const;
    [[nodiscard]] Result<std::vector<Trouble>> troubles() const;  // oldest first
    [[nodiscard]] Result<std::vector<Success>> successes() const;
    [[nodiscard]] Result<std::vector<Position>> positions() const;
    // Of all days from `first` to `last`, by day, folder and kind.
    [[nodiscard]] Result<std::vector<ActivityCount>> activity(spchain::DayNumber first, spchain::DayNumber last) const;
    // Of all days and folders, by day and kind; no folder is named.
    [[nodiscard]] Result<std::vector<ActivityCount>> activity_by_day() const;
    // Of one day, newest first, at most `most`.
    [[nodiscard]] Result<std::vector<ActivityEntry>> entries(spchain::DayNumber day, std::size_t most) const;
    // Removed since; complete == false: tombstones that far back are gone, or the cursor is none of this file's: the reader
    // must start anew.
    struct Removed {
        std::vector<Tombstone> tombstones;
        bool complete = true;
    };
    [[nodiscard]] Result<Removed> removed_since(std::uint64_t cursor) const;

private:
    struct Impl;
    explicit History(std::unique_ptr<Impl>);
    std::unique_ptr<Impl> impl_;
};

struct Opened {
    History history;
    std::string set_aside;  // path of a damaged file that was moved away; empty: none
    bool created = false;   // the file is new (or rebuilt)
};

}  // namespace imc::store

template <>
struct boost::system::is_error_code_enum<imc::store::errc> : std::true_type {};
