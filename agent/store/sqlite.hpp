// SQLite with RAII and without result codes at every line: the first error of a database sticks, what follows it does
// nothing, and whoever began asks failure() at the end. Internal to agent/store. What it is not: a query builder, and not
// thread-safe: a Database and its Statements belong to one thread at a time.
#pragma once

#include "agent/store/history.hpp"
#include "agent/store/statement.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

struct sqlite3;

namespace imc::store {

class Database {
public:
    enum class Mode { read_write, read_only };
    // Makes a missing file in Mode::read_write. A closing connection checkpoints only after allow_checkpoints().
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database();

    // Several statements separated by semicolons; rows are passed over.
    void execute(const std::string& sql);
    // The first value of the first row, as a number or text; nothing without a row.
    [[nodiscard]] std::optional<std::int64_t> number(const std::string& sql);
    [[nodiscard]] std::optional<std::string> text(const std::string& sql);
    void allow_checkpoints();

    [[nodiscard]] bool failed() const noexcept { return failure_.failed(); }
    [[nodiscard]] const boost::system::error_code& failure() const noexcept { return failure_; }
    void fail(errc e) noexcept;
    void forget_failure() noexcept { failure_.clear(); }
    [[nodiscard]] sqlite3* raw() const noexcept { return raw_; }

private:
    friend class Statement;
    explicit Database(sqlite3* raw) noexcept : raw_(raw) {}
    // Notes the error of SQLite's result code; true when it is none.
    bool good(int code) noexcept;

    sqlite3* raw_;
    boost::system::error_code failure_;
    std::unordered_map<std::string, sqlite3_stmt*> cache_;
};

// BEGIN IMMEDIATE until commit(); rolls back at the end of the scope otherwise. Forgets an earlier failure of the database.
class Transaction {
public:
    explicit Transaction(Database& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    // False, with nothing kept, when anything failed since the beginning.
    [[nodiscard]] bool commit();

private:
    Database& database_;
};

}  // namespace imc::store
