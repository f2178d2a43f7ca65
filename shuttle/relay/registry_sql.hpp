// SQLite as the registry's sources use it. Internal to the registry. What it is not: a layer for anything else.
#pragma once

#include "shuttle/relay/registry.hpp"

#include <algorithm>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace shuttle::relay {

// One statement: parameters in order, then rows. The first failure sticks.
class Statement {
public:
    Statement(sqlite3* raw, const char* sql) { failed_ = sqlite3_prepare_v2(raw, sql, -1, &statement_, nullptr) != SQLITE_OK; }
    ~Statement() { sqlite3_finalize(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& with(std::string_view text) {
        failed_ =
            failed_ || sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT) != SQLITE_OK;
        return *this;
    }
    Statement& with(std::int64_t number) {
        failed_ = failed_ || sqlite3_bind_int64(statement_, ++bound_, number) != SQLITE_OK;
        return *this;
    }
    [[nodiscard]] bool row() {
        if (failed_) return false;
        const int code = sqlite3_step(statement_);
        failed_ = code != SQLITE_ROW && code != SQLITE_DONE;
        return code == SQLITE_ROW;
    }
    // To the end; false where it failed.
    [[nodiscard]] bool run() {
        while (row()) {
        }
        return !failed_;
    }
    [[nodiscard]] std::string text(int column) const {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
    }
    [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
    [[nodiscard]] bool failed() const { return failed_; }

private:
    sqlite3_stmt* statement_ = nullptr;
    int bound_ = 0;
    bool failed_ = false;
};

// All or nothing.
class Transaction {
public:
    explicit Transaction(sqlite3* raw) : raw_(raw) { open_ = Statement(raw, "BEGIN IMMEDIATE").run(); }
    ~Transaction() {
        if (open_) static_cast<void>(Statement(raw_, "ROLLBACK").run());
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    [[nodiscard]] bool begun() const { return open_; }
    [[nodiscard]] bool commit() {
        if (!open_ || !Statement(raw_, "COMMIT").run()) return false;
        open_ = false;
        return true;
    }

private:
    sqlite3* raw_;
    bool open_;
};

inline bool audit(sqlite3* raw, std::int64_t at, std::string_view who, std::string_view action, std::string_view subject,
                  std::string_view detail) {
    return Statement(raw, "INSERT INTO audit(at, who, action, subject, detail) VALUES(?, ?, ?, ?, ?)")
        .with(at)
        .with(who)
        .with(action)
        .with(subject)
        .with(detail)
        .run();
}

inline std::string joined(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& one : list) text += (text.empty() ? "" : ",") + one;
    return text;
}

inline std::vector<std::string> parted(std::string_view text) {
    std::vector<std::string> list;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        if (end > 0) list.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return list;
}

template <class T>
Told<T> because(std::string why) {
    return Told<T>(boost::system::in_place_error, std::move(why));
}

}  // namespace shuttle::relay
