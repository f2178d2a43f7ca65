#include "agent/store/sqlite.hpp"

#include <cerrno>
#include <sqlite3.h>

namespace imc::store {
namespace {

constexpr int busy_milliseconds = 5'000;

errc meaning(int code, int system_error) noexcept {
    switch (code & 0xFF) {
        case SQLITE_OK:
        case SQLITE_ROW:
        case SQLITE_DONE:
            return errc::ok;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return errc::damaged;
        case SQLITE_FULL:
            return errc::full;
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_READONLY:
            return errc::cannot_open;
        case SQLITE_IOERR:
            // A limit on the size of files is a full disk to us; so is no room for the shared index of the log.
            if (system_error == ENOSPC || system_error == EFBIG || code == SQLITE_IOERR_SHMSIZE) return errc::full;
            if (code == SQLITE_IOERR_SHORT_READ) return errc::damaged;
            return errc::failed;
        default:
            return errc::failed;
    }
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode) {
    const int flags = mode == Mode::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    std::unique_ptr<Database> database(new Database(raw));
    if (code != SQLITE_OK) return make_error_code(errc::cannot_open);
    sqlite3_busy_timeout(raw, busy_milliseconds);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return database;
}

Database::~Database() {
    for (const auto& entry : cache_) sqlite3_finalize(entry.second);
    sqlite3_close(raw_);
}

void Database::allow_checkpoints() {
    sqlite3_db_config(raw_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

void Database::execute(const std::string& sql) {
    if (failed()) return;
    errno = 0;
    good(sqlite3_exec(raw_, sql.c_str(), nullptr, nullptr, nullptr));
}

std::optional<std::int64_t> Database::number(const std::string& sql) {
    Statement query(*this, sql);
    std::optional<std::int64_t> out;
    if (query.ask().next()) query >> out;
    return out;
}

std::optional<std::string> Database::text(const std::string& sql) {
    Statement query(*this, sql);
    if (!query.ask().next()) return std::nullopt;
    std::string out;
    query >> out;
    return out;
}

void Database::fail(errc e) noexcept {
    if (!failed() && e != errc::ok) failure_ = make_error_code(e);
}

bool Database::good(int code) noexcept {
    // SQLite does not note the system's error for what fails at COMMIT; errno still has it then.
    const int system_error = sqlite3_system_errno(raw_) != 0 ? sqlite3_system_errno(raw_) : errno;
    const errc e = meaning(code, system_error);
    fail(e);
    return e == errc::ok;
}

Transaction::Transaction(Database& database) : database_(database) {
    database_.forget_failure();
    database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    // Some errors (a full disk) have ended the transaction already. A ROLLBACK that fails leaves nothing to be done:
    // what is not committed is not read back by anybody.
    if (sqlite3_get_autocommit(database_.raw()) == 0) sqlite3_exec(database_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Transaction::commit() {
    database_.execute("COMMIT");
    return !database_.failed();
}

}  // namespace imc::store
