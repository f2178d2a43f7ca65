#include "agent/store/history_impl.hpp"

namespace imc::store {
namespace {

void put_entries(Database& database, const std::vector<ActivityEntry>& entries) {
    if (entries.empty()) return;
    {
        Statement save(
            database,
            "INSERT INTO entries (at, day, folder_id, kind, severity, source, event_id, image, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (const auto& e : entries) save.run(e.at, e.day, e.folder_id, e.kind, e.severity, e.source, e.event_id, e.image, e.text);
    }
    Statement(database, "DELETE FROM entries WHERE number <= (SELECT max(number) FROM entries) - ?").run(most_entries);
}

void put_troubles(Database& database, const std::vector<Trouble>& troubles) {
    if (troubles.empty()) return;
    {
        Statement save(
            database,
            "INSERT INTO troubles (kind, folder_id, volume, base, image, source, event_id, otherwise, severity, first_at, last_at, "
            "text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_at = excluded.last_at, text = "
            "excluded.text, otherwise = excluded.otherwise, severity = excluded.severity WHERE excluded.last_at >= last_at");
        for (const auto& t : troubles) {
            save.run(t.kind, t.folder_id, t.volume, t.base, t.image, t.source, t.event_id, t.otherwise, t.severity, t.first_at, t.last_at,
                     t.text);
        }
    }
    Statement(database, "DELETE FROM troubles WHERE number IN (SELECT number FROM troubles ORDER BY last_at DESC LIMIT -1 OFFSET ?)")
        .run(most_troubles);
}

void put_successes(Database& database, const std::vector<Success>& successes) {
    Statement save(database,
                   "INSERT INTO successes (kind, folder_id, volume, base, image, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                   "image = excluded.image, at = excluded.at WHERE excluded.at >= at");
    for (const auto& s : successes) save.run(s.kind, s.folder_id, s.volume, s.base, s.image, s.at);
}

void put_positions(Database& database, const std::vector<Position>& positions) {
    Statement save(database,
                   "INSERT OR REPLACE INTO readings (source, offset, in_long_line, digest, record, newest) VALUES (?, ?, ?, ?, ?, ?)");
    for (const auto& p : positions) save.run(p.source, p.offset, p.in_long_line, p.digest, p.record, p.newest);
}

}  // namespace

void add_counts(Writing& writing, const std::vector<ActivityCount>& counts) {
    Statement save(writing.database(),
                   "INSERT INTO activity (day, folder_id, kind, times, bytes) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                   "times = times + excluded.times, bytes = bytes + excluded.bytes");
    for (const auto& c : counts) save.run(c.day, c.folder_id, c.kind, c.times, c.bytes);
}

void settle_troubles(Writing& writing, const std::vector<std::uint64_t>& numbers) {
    Statement drop(writing.database(), "DELETE FROM troubles WHERE number = ?");
    for (const auto number : numbers) drop.run(number);
}

Result<void> History::add_activity(const ActivityChange& change) {
    Writing writing(*impl_->database);
    Database& database = writing.database();
    add_counts(writing, change.counts);
    put_entries(database, change.entries);
    put_troubles(database, change.troubles);
    put_successes(database, change.successes);
    put_positions(database, change.positions);
    const auto done = writing.commit();
    if (!done) return done.error();
    return {};
}

Result<void> History::drop_troubles(const std::vector<std::uint64_t>& numbers) {
    Writing writing(*impl_->database);
    settle_troubles(writing, numbers);
    const auto done = writing.commit();
    if (!done) return done.error();
    return {};
}

Result<std::vector<Trouble>> History::troubles() const {
    std::vector<Trouble> out;
    {
        Statement query(
            impl_->begin_reading(),
            "SELECT number, kind, folder_id, volume, base, image, source, event_id, otherwise, severity, first_at, last_at, text "
            "FROM troubles ORDER BY number");
        query.ask();
        while (query.next()) {
            auto& t = out.emplace_back();
            query >> t.number >> t.kind >> t.folder_id >> t.volume >> t.base >> t.image >> t.source >> t.event_id >> t.otherwise >>
                t.severity >> t.first_at >> t.last_at >> t.text;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<std::vector<Success>> History::successes() const {
    std::vector<Success> out;
    {
        Statement query(impl_->begin_reading(), "SELECT kind, folder_id, volume, base, image, at FROM successes");
        query.ask();
        while (query.next()) {
            auto& s = out.emplace_back();
            query >> s.kind >> s.folder_id >> s.volume >> s.base >> s.image >> s.at;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<std::vector<Position>> History::positions() const {
    std::vector<Position> out;
    {
        Statement query(impl_->begin_reading(), "SELECT source, offset, in_long_line, digest, record, newest FROM readings");
        query.ask();
        while (query.next()) {
            auto& p = out.emplace_back();
            query >> p.source >> p.offset >> p.in_long_line >> p.digest >> p.record >> p.newest;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<std::vector<ActivityCount>> History::activity(spchain::DayNumber first, spchain::DayNumber last) const {
    std::vector<ActivityCount> out;
    {
        Statement query(impl_->begin_reading(),
                        "SELECT day, folder_id, kind, times, bytes FROM activity WHERE day BETWEEN ? AND ? ORDER BY day, folder_id, kind");
        query.ask(first, last);
        while (query.next()) {
            auto& c = out.emplace_back();
            query >> c.day >> c.folder_id >> c.kind >> c.times >> c.bytes;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<std::vector<ActivityCount>> History::activity_by_day() const {
    std::vector<ActivityCount> out;
    {
        Statement query(impl_->begin_reading(),
                        "SELECT day, kind, sum(times), sum(bytes) FROM activity GROUP BY day, kind ORDER BY day, kind");
        query.ask();
        while (query.next()) {
            auto& c = out.emplace_back();
            query >> c.day >> c.kind >> c.times >> c.bytes;
        }
    }
    return impl_->outcome(std::move(out));
}

Result<std::vector<ActivityEntry>> History::entries(spchain::DayNumber day, std::size_t most) const {
    std::vector<ActivityEntry> out;
    {
        Statement query(impl_->begin_reading(),
                        "SELECT at, day, folder_id, kind, severity, source, event_id, image, text FROM entries WHERE day = ? "
                        "ORDER BY at DESC, number DESC LIMIT ?");
        query.ask(day, most);
        while (query.next()) {
            auto& e = out.emplace_back();
            query >> e.at >> e.day >> e.folder_id >> e.kind >> e.severity >> e.source >> e.event_id >> e.image >> e.text;
        }
    }
    return impl_->outcome(std::move(out));
}

}  // namespace imc::store
