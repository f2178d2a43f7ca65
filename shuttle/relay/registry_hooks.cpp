// The registry's part about webhooks: where to, what waits, what became of it.
#include "shuttle/relay/registry_sql.hpp"

namespace shuttle::relay {

namespace {

constexpr std::int64_t most_deliveries = 1'000;  // kept of each hook

bool insert(sqlite3* raw, const std::string& hook, const Message& message) {
    return Statement(raw, "INSERT INTO queue(hook, id, kind, agent, at, body) VALUES(?, ?, ?, ?, ?, ?)")
        .with(hook)
        .with(message.id)
        .with(message.kind)
        .with(message.agent)
        .with(message.at)
        .with(message.body)
        .run();
}

bool drop_oldest(sqlite3* raw, const std::string& hook) {
    constexpr const char* oldest =
        "DELETE FROM queue WHERE hook = ?1 AND number <= "
        "(SELECT number FROM queue WHERE hook = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)";
    if (!Statement(raw, oldest).with(hook).with(Registry::most_waiting).run()) return false;
    const auto dropped = static_cast<std::int64_t>(sqlite3_changes(raw));
    return dropped == 0 || Statement(raw, "UPDATE hooks SET dropped = dropped + ? WHERE id = ?").with(dropped).with(hook).run();
}

}  // namespace

Told<void> Registry::add_hook(const HookRecord& hook, const std::string& who, std::int64_t now) {
    Transaction transaction(raw_);
    const bool good = transaction.begun() && Statement(raw_, "INSERT INTO hooks(id, url, secret, events, created) VALUES(?, ?, ?, ?, ?)")
                                                 .with(hook.id)
                                                 .with(hook.url)
                                                 .with(hook.secret)
                                                 .with(joined(hook.events))
                                                 .with(hook.created)
                                                 .run();
    if (!good || !audit(raw_, now, who, "webhook.add", hook.id, "") || !transaction.commit()) return because<void>(problem());
    return {};
}

Told<bool> Registry::remove_hook(const std::string& id, const std::string& who, std::int64_t now) {
    Transaction transaction(raw_);
    if (!transaction.begun() || !Statement(raw_, "DELETE FROM hooks WHERE id = ?").with(id).run()) return because<bool>(problem());
    if (sqlite3_changes(raw_) != 1) return false;
    const bool good = Statement(raw_, "DELETE FROM queue WHERE hook = ?").with(id).run() &&
                      Statement(raw_, "DELETE FROM deliveries WHERE hook = ?").with(id).run() &&
                      audit(raw_, now, who, "webhook.remove", id, "") && transaction.commit();
    if (!good) return because<bool>(problem());
    return true;
}

Told<std::vector<HookRecord>> Registry::hooks() {
    std::vector<HookRecord> all;
    Statement query(raw_,
                    "SELECT id, url, secret, events, created, (SELECT count(*) FROM queue WHERE hook = hooks.id), delivered, failed, "
                    "dropped, outcome FROM hooks ORDER BY created, id");
    while (query.row()) {
        all.push_back({query.text(0), query.text(1), query.text(2), parted(query.text(3)), query.number(4), query.number(5),
                       query.number(6), query.number(7), query.number(8), query.text(9)});
    }
    if (query.failed()) return because<std::vector<HookRecord>>(problem());
    return all;
}

Told<std::vector<std::pair<std::string, std::string>>> Registry::told() {
    std::vector<std::pair<std::string, std::string>> all;
    Statement query(raw_, "SELECT agent, state FROM told");
    while (query.row()) all.emplace_back(query.text(0), query.text(1));
    if (query.failed()) return because<std::vector<std::pair<std::string, std::string>>>(problem());
    return all;
}

Told<void> Registry::tell(const std::vector<Message>& events) {
    const auto all = hooks();
    if (!all) return because<void>(all.error());
    Transaction transaction(raw_);
    bool good = transaction.begun();
    for (const auto& event : events) {
        good = good && Statement(raw_, "INSERT OR REPLACE INTO told(agent, state, at) VALUES(?, ?, ?)")
                           .with(event.agent)
                           .with(event.kind)
                           .with(event.at)
                           .run();
        for (const auto& hook : *all) {
            if (std::find(hook.events.begin(), hook.events.end(), event.kind) != hook.events.end())
                good = good && insert(raw_, hook.id, event);
        }
    }
    for (const auto& hook : *all) good = good && drop_oldest(raw_, hook.id);
    if (!good || !transaction.commit()) return because<void>(problem());
    return {};
}

Told<bool> Registry::queue(const std::string& hook, const Message& message) {
    Transaction transaction(raw_);
    if (!transaction.begun()) return because<bool>(problem());
    Statement query(raw_, "SELECT 1 FROM hooks WHERE id = ?");
    const bool there = query.with(hook).row();
    if (query.failed()) return because<bool>(problem());
    if (!there) return false;
    if (!insert(raw_, hook, message) || !drop_oldest(raw_, hook) || !transaction.commit()) return because<bool>(problem());
    return true;
}

Told<std::optional<Message>> Registry::next_message(const std::string& hook, std::int64_t now) {
    using Result = std::optional<Message>;
    Statement late(raw_, "SELECT 1 FROM queue WHERE hook = ? AND at < ? LIMIT 1");
    if (late.with(hook).with(now - longest_wait).row()) {
        Transaction transaction(raw_);
        const bool good = transaction.begun() && Statement(raw_,
                                                           "INSERT INTO deliveries(hook, id, kind, agent, at, attempt, outcome) "
                                                           "SELECT hook, id, kind, agent, ?, attempts, 'given up' FROM queue "
                                                           "WHERE hook = ? AND at < ?")
                                                     .with(now)
                                                     .with(hook)
                                                     .with(now - longest_wait)
                                                     .run();
        if (!good || !Statement(raw_, "DELETE FROM queue WHERE hook = ? AND at < ?").with(hook).with(now - longest_wait).run())
            return because<Result>(problem());
        const auto given_up = static_cast<std::int64_t>(sqlite3_changes(raw_));
        if (!Statement(raw_, "UPDATE hooks SET dropped = dropped + ? WHERE id = ?").with(given_up).with(hook).run() ||
            !transaction.commit())
            return because<Result>(problem());
    }
    Statement query(raw_, "SELECT number, id, kind, agent, at, body, attempts FROM queue WHERE hook = ? ORDER BY number LIMIT 1");
    const bool found = query.with(hook).row();
    if (query.failed() || late.failed()) return because<Result>(problem());
    if (!found) return Result();
    return Result({query.number(0), query.text(1), query.text(2), query.text(3), query.number(4), query.text(5), query.number(6)});
}

Told<void> Registry::attempted(const std::string& hook, const Message& message, const std::string& outcome, bool delivered,
                               std::int64_t now) {
    Transaction transaction(raw_);
    bool good = transaction.begun() &&
                Statement(raw_, "INSERT INTO deliveries(hook, id, kind, agent, at, attempt, outcome) VALUES(?, ?, ?, ?, ?, ?, ?)")
                    .with(hook)
                    .with(message.id)
                    .with(message.kind)
                    .with(message.agent)
                    .with(now)
                    .with(message.attempts + 1)
                    .with(outcome)
                    .run();
    good = good && Statement(raw_,
                             "DELETE FROM deliveries WHERE hook = ?1 AND number <= "
                             "(SELECT number FROM deliveries WHERE hook = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)")
                       .with(hook)
                       .with(most_deliveries)
                       .run();
    good = good && Statement(raw_, delivered ? "UPDATE hooks SET delivered = delivered + 1, outcome = ? WHERE id = ?"
                                             : "UPDATE hooks SET failed = failed + 1, outcome = ? WHERE id = ?")
                       .with(outcome)
                       .with(hook)
                       .run();
    good = good &&
           Statement(raw_, delivered ? "DELETE FROM queue WHERE number = ?" : "UPDATE queue SET attempts = attempts + 1 WHERE number = ?")
               .with(message.number)
               .run();
    if (!good || !transaction.commit()) return because<void>(problem());
    return {};
}

Told<std::vector<DeliveryRecord>> Registry::deliveries(const std::string& hook, std::int64_t most) {
    std::vector<DeliveryRecord> all;
    Statement query(raw_,
                    "SELECT hook, id, kind, agent, at, attempt, outcome FROM deliveries WHERE ?1 = '' OR hook = ?1 "
                    "ORDER BY number DESC LIMIT ?2");
    query.with(hook).with(most);
    while (query.row())
        all.push_back({query.text(0), query.text(1), query.text(2), query.text(3), query.number(4), query.number(5), query.text(6)});
    if (query.failed()) return because<std::vector<DeliveryRecord>>(problem());
    return all;
}

}  // namespace shuttle::relay
