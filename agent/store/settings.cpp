#include "agent/store/settings.hpp"

#include "agent/store/migration.hpp"

namespace imc::store {
namespace {

constexpr std::int64_t audit_limit = 100'000;

Result<std::unique_ptr<Database>> open_settings(const std::string& path) {
    auto opened = Database::open(path, Database::Mode::read_write);
    if (!opened) return opened.error();
    Database& database = **opened;
    const auto version = database.number("PRAGMA user_version").value_or(0);
    if (!database.failed() && version > static_cast<std::int64_t>(settings_steps().size())) return make_error_code(errc::too_new);
    database.execute(
        "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
        "PRAGMA journal_size_limit = 1048576; PRAGMA temp_store = MEMORY");
    const auto check = database.text("PRAGMA quick_check(1)");
    if (check && *check != "ok") database.fail(errc::damaged);
    if (database.failed()) return database.failure();
    if (const auto error = migrate(database, settings_steps())) return error;
    if (database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'tokens'") != 1) database.fail(errc::damaged);
    if (database.failed()) return database.failure();
    return opened;
}

void insert(Database& database, const AuditRecord& a) {
    Statement(database, "INSERT INTO audit (at, who, \"from\", action, subject, detail) VALUES (?, ?, ?, ?, ?, ?)")
        .run(a.at, a.who, a.from, a.action, a.subject, a.detail);
    Statement(database, "DELETE FROM audit WHERE number <= (SELECT max(number) FROM audit) - ?").run(audit_limit);
}

bool insert(Database& database, const TokenRecord& t) {
    return Statement(database,
                     "INSERT INTO tokens (id, name, scope, sha256, created, expires, revoked, local) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .run(t.id, t.name, t.scope, t.sha256, t.created, t.expires, t.revoked, t.local);
}

}  // namespace

struct Settings::Impl {
    std::unique_ptr<Database> database;

    Database& begin() const {
        database->forget_failure();
        return *database;
    }
    template <class T>
    Result<T> outcome(T value) const {
        // Named, because an error code converts to bool as well.
        if (database->failed()) return Result<T>(boost::system::in_place_error, database->failure());
        return Result<T>(boost::system::in_place_value, std::move(value));
    }
    // `act` tells whether it changed anything; then, and only then, `record` is kept with it.
    template <class Act>
    Result<bool> change(const AuditRecord& record, Act act) const {
        Transaction transaction(begin());
        const bool any = act(*database);
        if (any) insert(*database, record);
        if (!transaction.commit()) return Result<bool>(boost::system::in_place_error, database->failure());
        return Result<bool>(boost::system::in_place_value, any);
    }
};

namespace {

Result<void> done(const Result<bool>& changed) {
    if (!changed) return changed.error();
    return {};
}

}  // namespace

Settings::Settings(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Settings::~Settings() = default;
Settings::Settings(Settings&&) noexcept = default;
Settings& Settings::operator=(Settings&&) noexcept = default;

Result<Settings> Settings::open(const std::string& path) {
    auto database = open_settings(path);
    if (!database) return database.error();
    auto impl = std::make_unique<Impl>();
    impl->database = std::move(*database);
    return Settings(std::move(impl));
}

Result<std::vector<TokenRecord>> Settings::tokens() const {
    std::vector<TokenRecord> out;
    {
        Statement query(impl_->begin(),
                        "SELECT id, name, scope, sha256, created, expires, revoked, local FROM tokens ORDER BY created, id");
        query.ask();
        while (query.next()) {
            auto& t = out.emplace_back();
            query >> t.id >> t.name >> t.scope >> t.sha256 >> t.created >> t.expires >> t.revoked >> t.local;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<void> Settings::add_token(const TokenRecord& t, const AuditRecord& audit) {
    return done(impl_->change(audit, [&](Database& database) { return insert(database, t); }));
}

Result<bool> Settings::revoke_token(const std::string& id, UnixTime now, const AuditRecord& audit) {
    return impl_->change(audit, [&](Database& database) {
        return Statement(database, "UPDATE tokens SET revoked = ? WHERE id = ? AND revoked = 0 AND (expires = 0 OR expires > ?)")
            .run(now, id, now);
    });
}

Result<void> Settings::replace_local_tokens(const TokenRecord& t) {
    Database& database = impl_->begin();
    Transaction transaction(database);
    Statement(database, "DELETE FROM tokens WHERE local <> 0").run();
    insert(database, t);
    if (!transaction.commit()) return database.failure();
    return {};
}

Result<std::vector<AdoptedFolder>> Settings::adopted() const {
    std::vector<AdoptedFolder> out;
    {
        Statement query(impl_->begin(), "SELECT path, type, customer, machine, automatic, since FROM adopted ORDER BY path");
        query.ask();
        while (query.next()) {
            auto& f = out.emplace_back();
            query >> f.path >> f.type >> f.customer >> f.machine >> f.automatic >> f.since;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<void> Settings::adopt(const AdoptedFolder& f, const AuditRecord& audit) {
    return done(impl_->change(audit, [&](Database& database) {
        return Statement(database,
                         "INSERT OR REPLACE INTO adopted (path, type, customer, machine, automatic, since) VALUES (?, ?, ?, ?, ?, ?)")
            .run(f.path, f.type, f.customer, f.machine, f.automatic, f.since);
    }));
}

Result<bool> Settings::release(const std::string& path, const AuditRecord& audit) {
    return impl_->change(audit, [&](Database& database) { return Statement(database, "DELETE FROM adopted WHERE path = ?").run(path); });
}

Result<std::map<std::string, VolumeSettings>> Settings::volume_settings() const {
    std::map<std::string, VolumeSettings> out;
    {
        Statement query(impl_->begin(), "SELECT volume_id, grace_days, notes, expected_retention FROM volume_settings");
        query.ask();
        while (query.next()) {
            std::string id;
            query >> id;
            auto& v = out[id];
            query >> v.grace_days >> v.notes >> v.expected_retention;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<void> Settings::set_volume_settings(const std::string& volume_id, const VolumeSettings& v, const AuditRecord& audit) {
    return done(impl_->change(audit, [&](Database& database) {
        if (!v.grace_days && v.notes.empty() && v.expected_retention.empty()) {
            Statement(database, "DELETE FROM volume_settings WHERE volume_id = ?").run(volume_id);
        } else {
            Statement(database,
                      "INSERT OR REPLACE INTO volume_settings (volume_id, grace_days, notes, expected_retention) VALUES (?, ?, ?, ?)")
                .run(volume_id, v.grace_days, v.notes, v.expected_retention);
        }
        return true;  // asked for, and so worth a record, even where nothing was set before
    }));
}

Result<std::vector<ShareRecord>> Settings::shares() const {
    std::vector<ShareRecord> out;
    {
        Statement query(impl_->begin(), "SELECT share, account, secret, since FROM shares ORDER BY share");
        query.ask();
        while (query.next()) {
            auto& s = out.emplace_back();
            query >> s.share >> s.account >> s.secret >> s.since;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<void> Settings::set_share(const ShareRecord& s, const AuditRecord& audit) {
    return done(impl_->change(audit, [&](Database& database) {
        return Statement(database, "INSERT OR REPLACE INTO shares (share, account, secret, since) VALUES (?, ?, ?, ?)")
            .run(s.share, s.account, s.secret, s.since);
    }));
}

Result<bool> Settings::remove_share(const std::string& share, const AuditRecord& audit) {
    return impl_->change(audit, [&](Database& database) { return Statement(database, "DELETE FROM shares WHERE share = ?").run(share); });
}

Result<void> Settings::audit(const AuditRecord& record) {
    return done(impl_->change(record, [](Database&) { return true; }));
}

Result<std::vector<AuditRecord>> Settings::audit_log(std::size_t newest) const {
    std::vector<AuditRecord> out;
    {
        Statement query(impl_->begin(), "SELECT at, who, \"from\", action, subject, detail FROM audit ORDER BY number DESC LIMIT ?");
        query.ask(newest);
        while (query.next()) {
            auto& a = out.emplace_back();
            query >> a.at >> a.who >> a.from >> a.action >> a.subject >> a.detail;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<std::uint64_t> Settings::data_version() const {
    const auto value = impl_->begin().number("PRAGMA data_version");
    return impl_->outcome(static_cast<std::uint64_t>(value.value_or(0)));
}

}  // namespace imc::store
