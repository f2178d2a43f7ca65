#include "agent/store/history.hpp"

#include "agent/store/history_impl.hpp"
#include "agent/store/migration.hpp"

namespace imc::store {
namespace {

// Ready to use, or why not; `created` when it held nothing before.
Result<std::unique_ptr<Database>> open_for_writing(const std::string& path, bool& created) {
    auto opened = Database::open(path, Database::Mode::read_write);
    if (!opened) return opened.error();
    Database& database = **opened;
    // Before anything is written: the file of a newer version stays as it is.
    const auto version = database.number("PRAGMA user_version").value_or(0);
    if (!database.failed() && version > static_cast<std::int64_t>(history_steps().size())) return make_error_code(errc::too_new);
    created = version == 0;
    database.execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
        "PRAGMA journal_size_limit = 16777216; PRAGMA wal_autocheckpoint = 1000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000");
    const auto check = database.text("PRAGMA quick_check(1)");
    if (check && *check != "ok") database.fail(errc::damaged);
    if (database.failed()) return database.failure();
    // Sound pages with none of our tables are damaged as well, and no step would lead on from there.
    const bool ours = created || (database.number("SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'folders')") == 2 &&
                                  database.text("SELECT value FROM meta WHERE key = 'epoch'").has_value());
    if (!ours) database.fail(errc::damaged);
    if (database.failed()) return database.failure();
    if (const auto error = migrate(database, history_steps())) return error;
    database.allow_checkpoints();
    return opened;
}

Result<std::unique_ptr<Database>> open_for_reading(const std::string& path) {
    auto opened = Database::open(path, Database::Mode::read_only);
    if (!opened) return opened.error();
    Database& database = **opened;
    database.execute("PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY");
    const auto version = database.number("PRAGMA user_version").value_or(0);
    const auto newest = static_cast<std::int64_t>(history_steps().size());
    if (version > newest) database.fail(errc::too_new);
    // An older one is waiting for its writer.
    if (version < newest) database.fail(errc::failed);
    if (database.failed()) return database.failure();
    return opened;
}

}  // namespace

History::History(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

Result<Opened> History::open(const std::string& path, Mode mode, UnixTime now) {
    bool created = false;
    std::string aside;
    auto database = mode == Mode::read_only ? open_for_reading(path) : open_for_writing(path, created);
    if (!database && mode == Mode::read_write && database.error() == errc::damaged) {
        aside = set_aside(path, now);
        if (aside.empty()) return database.error();
        database = open_for_writing(path, created);
    }
    if (!database) return database.error();
    auto impl = std::make_unique<Impl>();
    impl->database = std::move(*database);
    return Opened{History(std::move(impl)), std::move(aside), created};
}

}  // namespace imc::store
