#include "agent/store/statement.hpp"

#include "agent/store/sqlite.hpp"

#include <cerrno>
#include <sqlite3.h>

namespace imc::store {

Statement::Statement(Database& database, std::string sql) : database_(database), sql_(std::move(sql)) {
    if (database_.failed()) return;
    const auto known = database_.cache_.find(sql_);
    if (known != database_.cache_.end()) {
        statement_ = known->second;
        database_.cache_.erase(known);
        return;
    }
    constexpr unsigned flags = SQLITE_PREPARE_PERSISTENT;
    database_.good(sqlite3_prepare_v3(database_.raw_, sql_.c_str(), static_cast<int>(sql_.size()), flags, &statement_, nullptr));
}

Statement::~Statement() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
    if (!database_.cache_.emplace(sql_, statement_).second) sqlite3_finalize(statement_);
}

void Statement::begin() {
    parameter_ = 0;
    if (statement_ != nullptr) sqlite3_reset(statement_);
}

bool Statement::next() {
    column_ = 0;
    if (statement_ == nullptr || database_.failed()) return false;
    errno = 0;
    const int code = sqlite3_step(statement_);
    return database_.good(code) && code == SQLITE_ROW;
}

bool Statement::finish() {
    while (next()) {
    }
    const bool changed = statement_ != nullptr && !database_.failed() && sqlite3_changes(database_.raw_) > 0;
    if (statement_ != nullptr) sqlite3_reset(statement_);
    return changed;
}

void Statement::bind(std::string_view text) {
    ++parameter_;
    if (statement_ == nullptr) return;
    // An empty view may point nowhere, which SQLite would take for NULL.
    const char* data = text.data() != nullptr ? text.data() : "";
    database_.good(sqlite3_bind_text64(statement_, parameter_, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind(const std::optional<std::int64_t>& value) {
    if (value) {
        bind_integer(*value);
    } else {
        bind(std::nullopt);
    }
}

void Statement::bind(std::nullopt_t) {
    ++parameter_;
    if (statement_ != nullptr) database_.good(sqlite3_bind_null(statement_, parameter_));
}

void Statement::bind_integer(std::int64_t value) {
    ++parameter_;
    if (statement_ != nullptr) database_.good(sqlite3_bind_int64(statement_, parameter_, value));
}

std::int64_t Statement::integer() {
    return statement_ != nullptr ? sqlite3_column_int64(statement_, column_++) : 0;
}

bool Statement::is_null() const {
    return statement_ == nullptr || sqlite3_column_type(statement_, column_) == SQLITE_NULL;
}

Statement& Statement::operator>>(std::string& out) {
    out.clear();
    if (statement_ == nullptr) return *this;
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column_));
    if (text != nullptr) out.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_)));
    ++column_;
    return *this;
}

Statement& Statement::operator>>(bool& out) {
    out = integer() != 0;
    return *this;
}

}  // namespace imc::store
