// What the files of History share. Internal to agent/store. What it is not: a second interface.
#pragma once

#include "agent/store/writing.hpp"

namespace imc::store {

struct History::Impl {
    std::unique_ptr<Database> database;

    Database& begin_reading() const {
        database->forget_failure();
        return *database;
    }
    template <class T>
    Result<T> outcome(T value) const {
        if (database->failed()) return database->failure();
        return value;
    }
};

// Moves the database file and what belongs to it to "<path>.damaged-<now>"; the three newest such files stay. Empty: it
// could not be moved.
[[nodiscard]] std::string set_aside(const std::string& path, UnixTime now);

}  // namespace imc::store
