#include "agent/store/history_impl.hpp"

#include <algorithm>
#include <map>

namespace imc::store {
namespace {

constexpr const char* columns = "name, volume_id, bytes, written, at, result, digest, expected";

CheckResult result_of(std::int64_t number) {
    // What a newer version may have written says nothing here.
    return number >= 0 && number <= static_cast<std::int64_t>(CheckResult::unreadable) ? static_cast<CheckResult>(number)
                                                                                       : CheckResult::unreadable;
}

std::vector<CheckRecord> load_checks(Database& database, const std::string& folder_id, const char* condition) {
    std::vector<CheckRecord> out;
    Statement query(database, std::string("SELECT ") + columns + " FROM checked WHERE fid = (SELECT fid FROM folders WHERE id = ?) " +
                                  condition + " ORDER BY name");
    query.ask(folder_id);
    while (query.next()) {
        auto& check = out.emplace_back();
        std::optional<std::int64_t> written;
        std::int64_t result = 0;
        query >> check.name >> check.volume_id >> check.bytes >> written >> check.at >> result >> check.digest >> check.expected;
        check.folder_id = folder_id;
        check.written = written.value_or(spchain::no_time);
        check.result = result_of(result);
    }
    return out;
}

std::optional<CheckResult> last_result(Database& database, std::int64_t fid, const std::string& name) {
    Statement query(database, "SELECT result FROM checked WHERE fid = ? AND name = ?");
    std::int64_t result = 0;
    if (!query.ask(fid, name).next()) return std::nullopt;
    query >> result;
    return result_of(result);
}

void insert(Database& database, std::int64_t fid, const CheckRecord& check, bool conclusive) {
    const auto written = check.written == spchain::no_time ? std::nullopt : std::optional<std::int64_t>(check.written);
    const int result = static_cast<int>(check.result);
    Statement(database, "INSERT INTO checks (fid, name, bytes, written, at, result, digest, expected) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .run(fid, check.name, check.bytes, written, check.at, result, check.digest, check.expected);
    if (!conclusive) {
        Statement(database, "UPDATE checked SET at = ? WHERE fid = ? AND name = ?").run(check.at, fid, check.name);
        return;
    }
    Statement(database,
              "INSERT OR REPLACE INTO checked (fid, name, volume_id, bytes, written, at, result, digest, expected) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .run(fid, check.name, check.volume_id, check.bytes, written, check.at, result, check.digest, check.expected);
}

void add_one(Database& database, std::int64_t fid, const CheckRecord& check) {
    const auto last = last_result(database, fid, check.name);
    const bool was_damaged = last == CheckResult::mismatch;
    // Not having been able to compare takes no word back.
    const bool conclusive = !was_damaged || check.result == CheckResult::good || check.result == CheckResult::mismatch;
    insert(database, fid, check, conclusive);
    const bool damaged = check.result == CheckResult::mismatch;
    if (conclusive && damaged != was_damaged) Statement(database, "UPDATE folders SET digest = 0 WHERE fid = ?").run(fid);
}

// What ImageManager's events say against images and chains of the folder; false: nothing.
bool add_objections(Database& database, const std::string& folder_id, Statements& out) {
    const auto before = out.list.size();
    Statement query(database,
                    "SELECT number, kind, volume, base, image, last_at FROM troubles WHERE folder_id = ? AND "
                    "((kind = 'verification_failed' AND image <> '') OR (kind = 'incomplete_chain' AND volume <> ''))");
    query.ask(folder_id);
    while (query.next()) {
        std::uint64_t number = 0;
        std::string kind;
        spchain::Statement statement;
        query >> number >> kind >> statement.volume >> statement.base >> statement.image >> statement.at;
        statement.said = kind == "incomplete_chain" ? spchain::Said::incomplete : spchain::Said::questioned;
        out.list.push_back(std::move(statement));
        out.numbers.push_back(number);
    }
    return out.list.size() > before;
}

void add_mounts(Database& database, const std::string& folder_id, Statements& out) {
    Statement query(database, "SELECT image, at FROM successes WHERE folder_id = ? AND kind = 'chkdsk_succeeded' AND image <> ''");
    query.ask(folder_id);
    while (query.next()) {
        spchain::Statement statement;
        statement.said = spchain::Said::mounted;
        query >> statement.image >> statement.at;
        out.list.push_back(std::move(statement));
        out.numbers.push_back(0);
    }
}

struct OfVolume {
    std::string id;
    CheckFacts facts;
};

}  // namespace

std::string_view to_string(CheckResult result) noexcept {
    static constexpr std::string_view words[] = {"good", "mismatch", "no_sidecar", "no_entry", "changed", "unreadable"};
    return words[static_cast<std::size_t>(result)];
}

void sum_up_checks(Writing& writing, std::int64_t fid) {
    Database& database = writing.database();
    std::vector<OfVolume> sums;
    {
        Statement query(database,
                        "SELECT c.volume_id, sum(c.result = 0), sum(c.result = 1), sum(c.result > 1), min(c.at), max(c.at) FROM checked c "
                        "JOIN images i ON i.fid = c.fid AND i.name = c.name WHERE c.fid = ? AND i.vanished IS NULL AND i.bytes = c.bytes "
                        "AND (c.result = 1 OR i.written IS c.written) GROUP BY c.volume_id");
        query.ask(fid);
        while (query.next()) {
            auto& sum = sums.emplace_back();
            query >> sum.id >> sum.facts.good >> sum.facts.failed >> sum.facts.others >> sum.facts.oldest >> sum.facts.newest;
        }
    }
    for (const auto& volume : load_volumes(database, fid)) {
        const auto found = std::find_if(sums.begin(), sums.end(), [&](const OfVolume& sum) { return sum.id == volume.id; });
        const CheckFacts facts = found == sums.end() ? CheckFacts() : found->facts;
        const auto& was = volume.checks;
        if (facts.good == was.good && facts.failed == was.failed && facts.others == was.others && facts.oldest == was.oldest &&
            facts.newest == was.newest) {
            continue;
        }
        Statement(database,
                  "UPDATE volumes SET checks_good = ?, checks_failed = ?, checks_others = ?, checks_oldest = ?, "
                  "checks_newest = ?, seq = ? WHERE id = ?")
            .run(facts.good, facts.failed, facts.others, facts.oldest, facts.newest, writing.next(), volume.id);
    }
}

void tidy_checks(Writing& writing, UnixTime before) {
    Database& database = writing.database();
    Statement(database, "DELETE FROM checked WHERE NOT EXISTS (SELECT 1 FROM images i WHERE i.fid = checked.fid AND i.name = checked.name)")
        .run();
    Statement(database,
              "DELETE FROM checks WHERE at < ? AND NOT EXISTS (SELECT 1 FROM checked c WHERE c.fid = checks.fid AND "
              "c.name = checks.name AND c.at = checks.at)")
        .run(before);
}

Result<std::uint64_t> History::add_checks(const std::vector<CheckRecord>& checks) {
    Writing writing(*impl_->database);
    Database& database = writing.database();
    std::map<std::string, std::optional<FolderRow>> folders;
    std::vector<ActivityCount> counts;
    for (const auto& check : checks) {
        const auto found = folders.find(check.folder_id);
        const auto& folder = found != folders.end() ? found->second : folders[check.folder_id] = load_folder(database, check.folder_id);
        if (!folder) continue;
        add_one(database, folder->fid, check);
        counts.push_back({check.day, check.folder_id, "check." + std::string(to_string(check.result)), 1, check.bytes});
    }
    add_counts(writing, counts);
    for (const auto& [id, folder] : folders) {
        if (folder) sum_up_checks(writing, folder->fid);
    }
    return writing.commit();
}

Result<std::vector<CheckRecord>> History::newest_checks(const std::string& folder_id) const {
    auto out = load_checks(impl_->begin_reading(), folder_id, "");
    return impl_->outcome(std::move(out));
}

Result<std::uint64_t> History::bytes_checked(UnixTime since) const {
    std::uint64_t bytes = 0;
    {
        Statement query(impl_->begin_reading(), "SELECT coalesce(sum(bytes), 0) FROM checks WHERE at >= ? AND result IN (0, 1, 4)");
        if (query.ask(since).next()) query >> bytes;
    }
    return impl_->outcome(bytes);
}

Result<Statements> History::statements(const std::string& folder_id) const {
    Database& database = impl_->begin_reading();
    Statements out;
    for (const auto& check : load_checks(database, folder_id, "AND result = 1")) {
        out.list.push_back({spchain::Said::damaged, check.name, {}, 0, check.bytes, check.at});
        out.numbers.push_back(0);
    }
    const bool any = add_objections(database, folder_id, out);
    // What speaks for a chain matters only where something speaks against it.
    if (any) {
        add_mounts(database, folder_id, out);
        for (const auto& check : load_checks(database, folder_id, "AND result = 0")) {
            out.list.push_back({spchain::Said::sound, check.name, {}, 0, check.bytes, check.at, check.written});
            out.numbers.push_back(0);
        }
    }
    return impl_->outcome(std::move(out));
}

}  // namespace imc::store
