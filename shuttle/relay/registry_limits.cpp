// The registry's part about what single agents and tokens may.
#include "shuttle/relay/registry_sql.hpp"

#include <map>

namespace shuttle::relay {

Told<void> Registry::read_allowances(Everything& all) {
    std::map<std::pair<std::string, std::string>, Allowance> known;
    Statement query(raw_, "SELECT kind, id, streams, connects, bytes FROM limits");
    while (query.row()) known[{query.text(0), query.text(1)}] = {query.number(2), query.number(3), query.number(4)};
    if (query.failed()) return because<void>(problem());
    const auto give = [&known](const char* kind, auto& records) {
        for (auto& record : records) {
            const auto found = known.find({kind, record.id});
            if (found != known.end()) record.allowance = found->second;
        }
    };
    give("agent", all.agents);
    give("token", all.tokens);
    return {};
}

bool Registry::write_allowance(const std::string& kind, const std::string& id, const Allowance& allowance) {
    if (allowance == Allowance{}) return Statement(raw_, "DELETE FROM limits WHERE kind = ? AND id = ?").with(kind).with(id).run();
    return Statement(raw_, "INSERT OR REPLACE INTO limits(kind, id, streams, connects, bytes) VALUES(?, ?, ?, ?, ?)")
        .with(kind)
        .with(id)
        .with(allowance.streams)
        .with(allowance.connects)
        .with(allowance.bytes)
        .run();
}

Told<bool> Registry::allow(const std::string& kind, const std::string& id, const Allowance& allowance, const std::string& who,
                           std::int64_t now) {
    Transaction transaction(raw_);
    if (!transaction.begun()) return because<bool>(problem());
    Statement query(raw_, kind == "agent" ? "SELECT 1 FROM agents WHERE id = ?" : "SELECT 1 FROM tokens WHERE id = ?");
    const bool there = query.with(id).row();
    if (query.failed()) return because<bool>(problem());
    if (!there) return false;
    const std::string detail = "streams " + std::to_string(allowance.streams) + ", connects " + std::to_string(allowance.connects) +
                               ", bytes " + std::to_string(allowance.bytes);
    if (!write_allowance(kind, id, allowance) || !audit(raw_, now, who, kind + ".limit", id, detail) || !transaction.commit())
        return because<bool>(problem());
    return true;
}

}  // namespace shuttle::relay
