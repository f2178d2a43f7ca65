#include "shuttle/relay/registry.hpp"

#include "shuttle/io/keys.hpp"
#include "shuttle/relay/registry_sql.hpp"

#include <ctime>

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
CREATE TABLE IF NOT EXISTS limits(kind TEXT NOT NULL, id TEXT NOT NULL, streams INTEGER NOT NULL, connects INTEGER NOT NULL,
  bytes INTEGER NOT NULL, PRIMARY KEY(kind, id)) STRICT;
CREATE TABLE IF NOT EXISTS hooks(id TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL, events TEXT NOT NULL, created INTEGER NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE IF NOT EXISTS told(agent TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS queue(number INTEGER PRIMARY KEY AUTOINCREMENT, hook TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
  agent TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX IF NOT EXISTS queue_by_hook ON queue(hook, number);
CREATE TABLE IF NOT EXISTS deliveries(number INTEGER PRIMARY KEY AUTOINCREMENT, hook TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
  agent TEXT NOT NULL, at INTEGER NOT NULL, attempt INTEGER NOT NULL, outcome TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_by_hook ON deliveries(hook, number);
CREATE TABLE IF NOT EXISTS audit(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
  subject TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
)";

}  // namespace

std::int64_t unix_now() {
    return static_cast<std::int64_t>(std::time(nullptr));
}

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
        AgentRecord one{agents.text(0), {}, agents.text(2), agents.text(3), agents.number(4), agents.number(5), agents.number(6), {}};
        if (io::from_hex(agents.text(1), one.key)) all.agents.push_back(std::move(one));
    }
    Statement tokens(raw_, "SELECT id, name, sha256, groups, created, expires, revoked FROM tokens ORDER BY created, id");
    while (tokens.row()) {
        TokenRecord one{tokens.text(0),   tokens.text(1),   {}, parted(tokens.text(3)), tokens.number(4),
                        tokens.number(5), tokens.number(6), {}};
        if (io::from_hex(tokens.text(2), one.sha256)) all.tokens.push_back(std::move(one));
    }
    if (const auto limits = read_allowances(all); !limits) return because<Everything>(limits.error());
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
                      write_allowance("token", token.id, token.allowance) && audit(raw_, now, who, "token.create", token.id, token.name) &&
                      transaction.commit();
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
