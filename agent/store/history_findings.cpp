#include "agent/store/history_impl.hpp"

#include <algorithm>
#include <unordered_map>

namespace imc::store {
namespace {

struct OpenFinding {
    std::int64_t finding = 0;
    std::string scope;
    UnixTime last_seen = 0;  // the scope's look counted
    FindingRecord record;
};

constexpr const char* seen = "max(f.last_seen, coalesce(s.seen, 0))";

std::string open_sql(const std::string& condition) {
    return "SELECT f.finding, coalesce(s.scope, ''), " + std::string(seen) + ", " + finding_columns +
           " FROM findings f LEFT JOIN scopes s USING (scope_id) WHERE f.closed = 0 AND " + condition;
}

OpenFinding read_open(Statement& row) {
    OpenFinding out;
    row >> out.finding >> out.scope >> out.last_seen;
    read_into(row, fields_of_finding(out.record));
    return out;
}

void close(Writing& writing, const OpenFinding& finding, UnixTime now) {
    // 0 would mean open.
    const UnixTime closed = now != 0 ? now : 1;
    Statement(writing.database(), "UPDATE findings SET closed = ?, last_seen = ?, scope_id = NULL, seq = ? WHERE finding = ?")
        .run(closed, finding.last_seen, writing.next(), finding.finding);
}

std::unordered_map<std::string, OpenFinding> load_open(Database& database, const std::string& scope) {
    std::unordered_map<std::string, OpenFinding> out;
    Statement query(database, open_sql("f.key >= ? AND f.key < ?"));
    // No text in UTF-8 holds this byte, so it follows every continuation of the scope.
    query.ask(scope, scope + '\xFF');
    while (query.next()) {
        OpenFinding finding = read_open(query);
        std::string key = finding.record.key;
        out.emplace(std::move(key), std::move(finding));
    }
    return out;
}

// The scope's row with the time of this look; nothing where neither row nor findings are.
std::optional<std::int64_t> touch_scope(Database& database, const std::string& scope, bool needed, UnixTime now) {
    std::optional<std::int64_t> id;
    UnixTime was = 0;
    {
        Statement query(database, "SELECT scope_id, seen FROM scopes WHERE scope = ?");
        if (query.ask(scope).next()) query >> id >> was;
    }
    if (id && was != now) Statement(database, "UPDATE scopes SET seen = ? WHERE scope_id = ?").run(now, *id);
    if (id || !needed) return id;
    Statement(database, "INSERT INTO scopes (scope, seen) VALUES (?, ?)").run(scope, now);
    Statement query(database, "SELECT scope_id FROM scopes WHERE scope = ?");
    if (query.ask(scope).next()) query >> id;
    return id;
}

void insert(Writing& writing, const FindingRecord& record, std::int64_t scope_id, UnixTime now) {
    static const std::string columns = std::string(finding_columns) + ", scope_id, first_seen, last_seen, closed, seq";
    static const std::string sql = "INSERT INTO findings (" + columns + ") VALUES (" + marks_for(columns) + ")";
    Statement save(writing.database(), sql);
    std::apply([&](const auto&... values) { save.run(values..., scope_id, now, now, 0, writing.next()); }, fields_of_finding(record));
}

void update(Writing& writing, const OpenFinding& old, const FindingRecord& record, std::int64_t scope_id) {
    static const std::string columns = std::string(finding_columns) + ", scope_id, seq";
    static const std::string sql = "UPDATE findings SET (" + columns + ") = (" + marks_for(columns) + ") WHERE finding = ?";
    Statement save(writing.database(), sql);
    std::apply([&](const auto&... values) { save.run(values..., scope_id, writing.next(), old.finding); }, fields_of_finding(record));
}

}  // namespace

void put_findings(Writing& writing, const std::string& scope, const std::vector<FindingRecord>& open, UnixTime now) {
    Database& database = writing.database();
    auto old = load_open(database, scope);
    const auto scope_id = touch_scope(database, scope, !open.empty(), now);
    std::unordered_map<std::string, const FindingRecord*> wanted;
    for (const auto& record : open) {
        // It would stay open for ever: no later call with this scope would find it again.
        if (!record.key.starts_with(scope)) database.fail(errc::failed);
        if (!wanted.emplace(record.key, &record).second) continue;
        const auto known = old.find(record.key);
        if (known == old.end()) {
            insert(writing, record, scope_id.value_or(0), now);
            continue;
        }
        const bool same = fields_of_finding(known->second.record) == fields_of_finding(record);
        if (!same || known->second.scope != scope) update(writing, known->second, record, scope_id.value_or(0));
    }
    for (const auto& [key, finding] : old) {
        if (!wanted.contains(key)) close(writing, finding, now);
    }
}

void close_findings_of_folder(Writing& writing, const std::string& folder_id, UnixTime now) {
    std::vector<OpenFinding> all;
    {
        Statement query(writing.database(), open_sql("f.folder_id = ?"));
        query.ask(folder_id);
        while (query.next()) all.push_back(read_open(query));
    }
    for (const auto& finding : all) close(writing, finding, now);
    for (const auto& scope : {scan_scope(folder_id), look_scope(folder_id)}) {
        // A finding in the scope but about another folder keeps it.
        Statement(writing.database(),
                  "DELETE FROM scopes WHERE scope = ? AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.scope_id = scopes.scope_id)")
            .run(scope);
    }
}

Result<std::uint64_t> History::set_findings(const std::string& scope, const std::vector<FindingRecord>& open, UnixTime now) {
    Writing writing(*impl_->database);
    put_findings(writing, scope, open, now);
    return writing.commit();
}

Result<std::vector<FindingRecord>> History::findings(bool closed_too) const {
    Database& database = impl_->begin_reading();
    std::vector<FindingRecord> out;
    {
        Statement query(database, "SELECT f.first_seen, CASE f.closed WHEN 0 THEN " + std::string(seen) +
                                      " ELSE f.last_seen END, f.closed, f.seq, " + finding_columns +
                                      " FROM findings f LEFT JOIN scopes s USING (scope_id) WHERE f.closed = 0 OR ? "
                                      "ORDER BY f.first_seen DESC, f.finding DESC");
        query.ask(closed_too);
        while (query.next()) {
            auto& record = out.emplace_back();
            query >> record.first_seen >> record.last_seen >> record.closed >> record.seq;
            read_into(query, fields_of_finding(record));
        }
    }
    return impl_->outcome(std::move(out));
}

}  // namespace imc::store
