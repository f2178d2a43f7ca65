// One SQL statement with its parameters and columns. Internal to agent/store; sqlite.hpp is where to start. What it is
// not: thread-safe, or a place of errors: those stick to the Database, and what follows one does nothing.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace imc::store {

class Database;

// A prepared statement, lent from its database's cache and given back at the end of the scope. Its Database outlives it.
class Statement {
public:
    Statement(Database& database, std::string sql);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    // Runs a statement that gives no rows, with its parameters in order. True when it changed a row.
    template <class... Values>
    bool run(const Values&... values) {
        begin();
        (bind(values), ...);
        return finish();
    }
    // Begins a query; then while (next()) { *this >> a >> b; }
    template <class... Values>
    Statement& ask(const Values&... values) {
        begin();
        (bind(values), ...);
        return *this;
    }
    bool next();

    Statement& operator>>(std::string& out);
    Statement& operator>>(bool& out);
    template <std::integral T>
    Statement& operator>>(T& out) {
        out = static_cast<T>(integer());
        return *this;
    }
    template <std::integral T>
    Statement& operator>>(std::optional<T>& out) {
        out.reset();
        if (is_null()) {
            ++column_;
        } else {
            out = static_cast<T>(integer());
        }
        return *this;
    }

private:
    void begin();
    bool finish();
    // The text is copied: a query may outlive its argument.
    void bind(std::string_view text);
    void bind(std::nullopt_t);
    // Not a template: where it is inlined, g++ 12 takes the empty value for a use of it.
    void bind(const std::optional<std::int64_t>& value);
    void bind_integer(std::int64_t value);
    template <std::integral T>
    void bind(T value) {
        bind_integer(static_cast<std::int64_t>(value));
    }
    template <std::integral T>
    void bind(const std::optional<T>& value) {
        if (value) {
            bind(*value);
        } else {
            bind(std::nullopt);
        }
    }
    [[nodiscard]] std::int64_t integer();
    [[nodiscard]] bool is_null() const;

    Database& database_;
    std::string sql_;
    sqlite3_stmt* statement_ = nullptr;  // null once the database has failed
    int parameter_ = 0;
    int column_ = 0;
};

}  // namespace imc::store
