// Brings a database to the newest layout by PRAGMA user_version: step n of the table leads from version n to n + 1, each
// in one transaction. Internal to agent/store. What it is not: a way back.
#pragma once

#include "agent/store/sqlite.hpp"

#include <span>

namespace imc::store {

// errc::too_new, with nothing touched, where the file's version is above the number of steps; else what SQLite said.
[[nodiscard]] boost::system::error_code migrate(Database& database, std::span<const char* const> steps);

// The layouts, oldest step first (layout.cpp). Steps are never edited once released, only added.
[[nodiscard]] std::span<const char* const> history_steps() noexcept;
[[nodiscard]] std::span<const char* const> settings_steps() noexcept;

}  // namespace imc::store
