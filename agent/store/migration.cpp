#include "agent/store/migration.hpp"

namespace imc::store {

boost::system::error_code migrate(Database& database, std::span<const char* const> steps) {
    database.forget_failure();
    for (;;) {
        const auto seen = database.number("PRAGMA user_version").value_or(0);
        if (database.failed()) return database.failure();
        if (seen < 0 || static_cast<std::size_t>(seen) > steps.size()) return make_error_code(errc::too_new);
        if (static_cast<std::size_t>(seen) == steps.size()) return {};
        Transaction transaction(database);
        // Another process may have taken the step while this one waited for its turn.
        if (database.number("PRAGMA user_version").value_or(0) == seen) {
            database.execute(steps[static_cast<std::size_t>(seen)]);
            database.execute("PRAGMA user_version=" + std::to_string(seen + 1));
        }
        if (!transaction.commit()) return database.failure();
    }
}

}  // namespace imc::store
