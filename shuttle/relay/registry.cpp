#include "shuttle/relay/registry.hpp"

#include "shuttle/io/keys.hpp"

#include <sqlite3.h>
#include <string_view>

namespace shuttle::relay {
namespace {

constexpr int patience_ms = 5'000;  // for another process that writes
constexpr const char* layout = R"(
CREATE TABLE IF NOT EXISTS agents(id TEXT PRIMARY KEY, key TEXT NOT NULL, grp TEXT NOT NULL, host TEXT NOT NULL, joined INTEGER NOT NULL,
  revoked INTEGER NOT NULL DEFAULT 0, last_seen INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS tokens(id TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE, groups TEXT NOT NULL,
  created INTEGER NOT NULL, expires INTEGER NOT NULL, revoked INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS joins(id TEXT PRIMARY KEY, key TEXT NOT NULL, grp TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS wishes(name TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS audit(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
  subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
)";

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

bool audit(sqlite3* raw, std::int64_t at, std::string_view who, std::string_view action, std::string_view subject,
           std::string_view detail) {
    return Statement(raw, "INSERT INTO audit(at, who, action, subject, detail) VALUES(?, ?, ?, ?, ?)")
        .with(at)
        .with(who)
        .with(action)
        .with(subject)
        .with(detail)
        .run();
}

std::string joined(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& one : list) text += (text.empty() ? "" : ",") + one;
    return text;
}

std::vector<std::string> parted(std::string_view text) {
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

}  // namespace

Told<Registry> Registry::open(const std::string& file) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Registry registry(raw, file);
    if (code != SQLITE_OK) return because<Registry>(registry.problem());
    sqlite3_busy_timeout(raw, patience_ms);
    sqlite3_exec(raw, "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF", nullptr, nullptr, nullptr);
    if (sqlite3_exec(raw, layout, nullptr, nullptr, nullptr) != SQLITE_OK) return because<Registry>(registry.problem());
    return registry;
}

Registry::Registry(Registry&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)), file_(std::move(other.file_)) {}

Registry::~Registry() {
    sqlite3_close_v2(raw_);
}

std::string Registry::problem() const {
    return file_ + ": " + (raw_ == nullptr ? "out of memory" : sqlite3_errmsg(raw_));
}

Told<std::int64_t> Registry::version() {
    Statement query(raw_, "PRAGMA data_version");
    if (!query.row()) return because<std::int64_t>(problem());
    return query.number(0);
}

Told<Everything> Registry::everything() {
    Everything all;
    Statement agents(raw_, "SELECT id, key, grp, host, joined, revoked, last_seen FROM agents ORDER BY id");
    while (agents.row()) {
        AgentRecord one{agents.text(0), {}, agents.text(2), agents.text(3), agents.number(4), agents.number(5), agents.number(6)};
        if (io::from_hex(agents.text(1), one.key)) all.agents.push_back(std::move(one));
    }
    Statement tokens(raw_, "SELECT id, name, sha256, groups, created, expires, revoked FROM tokens ORDER BY created, id");
    while (tokens.row()) {
        TokenRecord one{tokens.text(0), tokens.text(1), {}, parted(tokens.text(3)), tokens.number(4), tokens.number(5), tokens.number(6)};
        if (io::from_hex(tokens.text(2), one.sha256)) all.tokens.push_back(std::move(one));
    }
    Statement drain(raw_, "SELECT at FROM wishes WHERE name = 'drain'");
    if (drain.row()) all.drain_wanted = drain.number(0);
    if (agents.failed() || tokens.failed() || drain.failed()) return because<Everything>(problem());
    return all;
}

Told<std::optional<JoinRecord>> Registry::find_join(const core::JoinId& id, std::int64_t now) {
    Statement query(raw_, "SELECT key, grp, expires FROM joins WHERE id = ? AND expires > ?");
    JoinRecord join;
    join.id = id;
    const bool found = query.with(io::hex(id)).with(now).row();
    if (query.failed()) return because<std::optional<JoinRecord>>(problem());
    if (!found || !io::from_hex(query.text(0), join.key)) return std::optional<JoinRecord>();
    join.group = query.text(1);
    join.expires = query.number(2);
    return std::optional(std::move(join));
}

Told<bool> Registry::enrol(const core::JoinId& id, const AgentRecord& agent, const std::string& from, std::int64_t now) {
    Transaction transaction(raw_);
    const auto code = io::hex(id);
    if (!transaction.begun() || !Statement(raw_, "DELETE FROM joins WHERE id = ? AND expires > ?").with(code).with(now).run())
        return because<bool>(problem());
    if (sqlite3_changes(raw_) != 1) return false;
    const bool added = Statement(raw_, "INSERT INTO agents(id, key, grp, host, joined) VALUES(?, ?, ?, ?, ?)")
                           .with(agent.id)
                           .with(io::hex(agent.key))
                           .with(agent.group)
                           .with(agent.host)
                           .with(agent.joined)
                           .run();
    if (!added || !audit(raw_, now, from, "agent.join", agent.id, "host " + agent.host + ", group " + agent.group) || !transaction.commit())
        return because<bool>(problem());
    return true;
}

Told<void> Registry::touch(const std::vector<std::pair<std::string, std::int64_t>>& seen) {
    Transaction transaction(raw_);
    bool good = transaction.begun();
    for (const auto& [id, at] : seen)
        good = good && Statement(raw_, "UPDATE agents SET last_seen = ? WHERE id = ?").with(at).with(id).run();
    if (!good || !transaction.commit()) return because<void>(problem());
    return {};
}

Told<void> Registry::add_join(const JoinRecord& join, const std::string& who, std::int64_t now) {
    Transaction transaction(raw_);
    const bool good = transaction.begun() && Statement(raw_, "DELETE FROM joins WHERE expires <= ?").with(now).run() &&
                      Statement(raw_, "INSERT INTO joins(id, key, grp, expires) VALUES(?, ?, ?, ?)")
                          .with(io::hex(join.id))
                          .with(io::hex(join.key))
                          .with(join.group)
                          .with(join.expires)
                          .run() &&
                      audit(raw_, now, who, "join-code.create", io::hex(join.id), "group " + join.group) && transaction.commit();
    if (!good) return because<void>(problem());
    return {};
}

Told<void> Registry::add_token(const TokenRecord& token, const std::string& who, std::int64_t now) {
    Transaction transaction(raw_);
    const bool good = transaction.begun() &&
                      Statement(raw_, "INSERT INTO tokens(id, name, sha256, groups, created, expires) VALUES(?, ?, ?, ?, ?, ?)")
                          .with(token.id)
                          .with(token.name)
                          .with(io::hex(token.sha256))
                          .with(joined(token.groups))
                          .with(token.created)
                          .with(token.expires)
                          .run() &&
                      audit(raw_, now, who, "token.create", token.id, token.name) && transaction.commit();
    if (!good) return because<void>(problem());
    return {};
}

Told<bool> Registry::revoke_token(const std::string& id, const std::string& who, std::int64_t now) {
    Transaction transaction(raw_);
    if (!transaction.begun() || !Statement(raw_, "UPDATE tokens SET revoked = ? WHERE id = ? AND revoked = 0").with(now).with(id).run())
        return because<bool>(problem());
    if (sqlite3_changes(raw_) != 1) return false;
    if (!audit(raw_, now, who, "token.revoke", id, "") || !transaction.commit()) return because<bool>(problem());
    return true;
}

Told<bool> Registry::revoke_agent(const std::string& id, const std::string& who, std::int64_t now) {
    Transaction transaction(raw_);
    if (!transaction.begun() || !Statement(raw_, "UPDATE agents SET revoked = ? WHERE id = ? AND revoked = 0").with(now).with(id).run())
        return because<bool>(problem());
    if (sqlite3_changes(raw_) != 1) return false;
    if (!audit(raw_, now, who, "agent.revoke", id, "") || !transaction.commit()) return because<bool>(problem());
    return true;
}

Told<void> Registry::want_drain(const std::string& who, std::int64_t now) {
    Transaction transaction(raw_);
    const bool good = transaction.begun() &&
                      Statement(raw_, "INSERT INTO wishes(name, at) VALUES('drain', ?) ON CONFLICT(name) DO UPDATE SET at = excluded.at")
                          .with(now)
                          .run() &&
                      audit(raw_, now, who, "relay.drain", "", "") && transaction.commit();
    if (!good) return because<void>(problem());
    return {};
}

Told<std::int64_t> Registry::audited() {
    Statement query(raw_, "SELECT count(*) FROM audit");
    if (!query.row()) return because<std::int64_t>(problem());
    return query.number(0);
}

}  // namespace shuttle::relay
