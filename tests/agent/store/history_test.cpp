#include "agent/store/history.hpp"

#include "agent/store/migration.hpp"
#include "tests/agent/store/support.hpp"

#include <catch2/catch.hpp>

using namespace imc::store;
using namespace imc::test;

namespace {

// Opened beside a History: moves when that one writes anything at all.
class Witness {
public:
    explicit Witness(const std::string& path) : database_(Database::open(path, Database::Mode::read_write).value()) {}
    std::int64_t version() { return database_->number("PRAGMA data_version").value(); }

private:
    std::unique_ptr<Database> database_;
};

}  // namespace

TEST_CASE("ids come from path and name alone, and volume names compare without case") {
    CHECK(folder_id("/srv/backups/acme") == folder_id("/srv/backups/acme"));
    CHECK(folder_id("/srv/backups/acme") != folder_id("/srv/backups/acmf"));
    CHECK(folder_id("/srv") == "fld_a3d9ac4fdee9c242");
    CHECK(volume_id("/srv", "C_VOL") == volume_id("/srv", "c_vol"));
    CHECK(volume_id("/srv", "C_VOL") != volume_id("/srvC", "_VOL"));
    CHECK(volume_id("/srv", "C_VOL").size() == 20);
    CHECK(folder_id("D:\\Backups\\SRV1") == folder_id("d:\\backups\\srv1"));
    CHECK(folder_id("\\\\NAS\\Backups") == folder_id("\\\\nas\\backups"));
    CHECK(volume_id("D:\\Backups", "C_VOL") == volume_id("d:\\backups", "c_vol"));
    CHECK(folder_id("/srv/A") != folder_id("/srv/a"));
}

TEST_CASE("what apply is given is read back whole") {
    const Temporary here;
    auto [history, aside, created] = open_history(here.path("h.db"));
    CHECK(created);
    CHECK(aside.empty());
    auto given = change("/srv/a", 3);
    given.memory[1].has_tail = true;
    given.memory[1].tail = {2, 7};
    given.memory[1].basis = spchain::Basis::observed;
    given.memory[1].suspicious = true;
    given.memory[2].vanished = 5;
    given.memory[2].written = spchain::no_time;
    given.folder.digest = UINT64_MAX;
    given.findings = {finding("scan:" + given.folder.id + ":", "md5_missing", given.folder.id)};
    CHECK(history.apply(given, 100).value() == 4);

    const auto folders = history.folders().value();
    REQUIRE(folders.size() == 1);
    CHECK(folders[0].id == given.folder.id);
    CHECK(folders[0].digest == UINT64_MAX);
    CHECK(folders[0].customer == "Acme");
    CHECK(folders[0].free_bytes == 500'000'000'000);
    CHECK(folders[0].first_seen == 100);
    CHECK(folders[0].last_scan == 100);
    CHECK(folders[0].last_good_scan == 100);
    CHECK(folders[0].seq == 1);
    const auto volumes = history.volumes().value();
    REQUIRE(volumes.size() == 2);
    CHECK(volumes[0].volume == "C_VOL");
    CHECK(volumes[0].points == std::array<std::uint64_t, 4>{0, 0, 1, 2});
    CHECK(volumes[0].first_seen == 100);
    CHECK_FALSE(volumes[0].stale);
    const auto memory = history.memory(given.folder.id).value();
    REQUIRE(memory.size() == 3);
    CHECK(memory[1].has_tail);
    CHECK(memory[1].tail == spchain::Point{2, 7});
    CHECK(memory[1].basis == spchain::Basis::observed);
    CHECK(memory[1].suspicious);
    CHECK(memory[1].vanished == spchain::no_time);
    CHECK(memory[2].vanished == 5);
    CHECK(memory[2].written == spchain::no_time);
    CHECK_FALSE(memory[2].has_tail);
    const auto findings = history.findings(false).value();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "md5_missing");
    CHECK(findings[0].first_seen == 100);
    CHECK(findings[0].seq == 4);
}

TEST_CASE("memory comes back in byte order, each name once, whatever the order it came in") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto given = change("/srv/a", 0);
    for (const char* name : {"b", "\u00e4", "B", "a", "b"}) given.memory.push_back({name, 1, 1, 1, spchain::no_time, {}, false});
    REQUIRE(opened.history.apply(given, 1).has_value());
    std::vector<std::string> names;
    for (const auto& m : opened.history.memory(given.folder.id).value()) names.push_back(m.name);
    CHECK(names == std::vector<std::string>{"B", "a", "b", "\u00e4"});
}

TEST_CASE("only images that differ are written, and those no longer remembered go") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto given = change("/srv/a", 5);
    REQUIRE(opened.history.apply(given, 1).has_value());
    given.memory.erase(given.memory.begin() + 1);
    given.memory[0].bytes = 77;
    spchain::Memory added;
    added.name = "zzz";
    given.memory.push_back(added);
    REQUIRE(opened.history.apply(given, 2).has_value());
    const auto memory = opened.history.memory(given.folder.id).value();
    REQUIRE(memory.size() == 5);
    CHECK(memory[0].bytes == 77);
    CHECK(memory[1].name == image_name(0, 2));
    CHECK(memory[4].name == "zzz");
    given.memory.clear();
    given.images_changed = false;
    REQUIRE(opened.history.apply(given, 3).has_value());
    CHECK(opened.history.memory(given.folder.id).value().size() == 5);
    given.images_changed = true;
    REQUIRE(opened.history.apply(given, 4).has_value());
    CHECK(opened.history.memory(given.folder.id).value().empty());
}

TEST_CASE("a change that changes nothing writes nothing") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto given = change("/srv/a", 50);
    given.findings = {finding("scan:" + given.folder.id + ":", "md5_missing", given.folder.id)};
    const auto cursor = opened.history.apply(given, 100).value();
    Witness witness(here.path("h.db"));
    const auto before = witness.version();
    CHECK(opened.history.apply(given, 100).value() == cursor);
    CHECK(opened.history.touch(given.folder.id, 100, given.folder.free_bytes, given.folder.total_bytes).value() == cursor);
    CHECK(opened.history.set_findings("time:", {}, 100).value() == cursor);
    CHECK(witness.version() == before);
    CHECK(opened.history.apply(given, 101).value() == cursor);
    CHECK(witness.version() != before);
    CHECK(opened.history.folders().value()[0].last_good_scan == 101);
}

TEST_CASE("times, digest and small moves of space are kept without moving the cursor, even where they add up slowly") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto given = change("/srv/a", 1);
    given.folder.free_bytes = 1'000;
    const auto cursor = opened.history.apply(given, 100).value();
    given.folder.free_bytes = 995;
    given.folder.digest = 4;
    CHECK(opened.history.apply(given, 200).value() == cursor);
    CHECK(opened.history.folders().value()[0].free_bytes == 995);
    CHECK(opened.history.folders().value()[0].digest == 4);
    CHECK(opened.history.touch(given.folder.id, 300, 991, given.folder.total_bytes).value() == cursor);
    CHECK(opened.history.folders().value()[0].last_scan == 300);
    CHECK(opened.history.touch(given.folder.id, 400, 989, given.folder.total_bytes).value() == cursor + 1);
    CHECK(opened.history.folders().value()[0].seq == cursor + 1);
    CHECK(opened.history.touch(given.folder.id, 500, std::nullopt, given.folder.total_bytes).value() == cursor + 2);
}

TEST_CASE("each record that changes moves the cursor by one and carries it") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto given = change("/srv/a", 1);
    const auto cursor = opened.history.apply(given, 1).value();
    given.volumes[1].verdict = "broken";
    CHECK(opened.history.apply(given, 2).value() == cursor + 1);
    const auto volumes = opened.history.volumes().value();
    CHECK(volumes[0].seq < cursor + 1);
    CHECK(volumes[1].seq == cursor + 1);
    CHECK(volumes[1].verdict == "broken");
    CHECK(opened.history.cursor().value() == cursor + 1);
}

TEST_CASE("a volume that is absent has vanished, keeps its record, and may come back") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto given = change("/srv/a", 1);
    const auto both = given.volumes;
    REQUIRE(opened.history.apply(given, 10).has_value());
    given.volumes.pop_back();
    REQUIRE(opened.history.apply(given, 20).has_value());
    REQUIRE(opened.history.apply(given, 30).has_value());
    CHECK(opened.history.volumes().value()[1].vanished == 20);
    given.volumes = both;
    REQUIRE(opened.history.apply(given, 40).has_value());
    CHECK(opened.history.volumes().value()[1].vanished == 0);
    CHECK(opened.history.volumes().value()[1].first_seen == 10);
}

TEST_CASE("a folder that cannot be read keeps its data and is stale with its volumes until it can") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto& history = opened.history;
    auto given = change("/srv/a", 2, 9);
    REQUIRE(history.apply(given, 10).has_value());
    auto record = folder("/srv/a");
    record.error = "network";
    const auto cursor = history.mark_stale(record, {finding("look:" + record.id + ":", "folder_unreadable", record.id)}, 20).value();
    auto stored = history.folders().value()[0];
    CHECK(stored.state == "stale");
    CHECK(stored.error == "network");
    CHECK(stored.images == 2);
    CHECK(stored.image_bytes == 9);
    CHECK(stored.last_scan == 20);
    CHECK(stored.last_good_scan == 10);
    CHECK(history.volumes().value()[0].stale);
    CHECK(history.volumes().value()[0].usage_bytes == 9);
    CHECK(history.memory(record.id).value().size() == 2);
    CHECK(history.findings(false).value().size() == 1);
    CHECK(history.mark_stale(record, {finding("look:" + record.id + ":", "folder_unreadable", record.id)}, 30).value() == cursor);
    CHECK(history.findings(false).value()[0].last_seen == 30);
    CHECK(history.findings(false).value()[0].first_seen == 20);

    SECTION("touch makes it well") {
        CHECK(history.touch(record.id, 40, 1, 2).value() > cursor);
    }
    SECTION("apply makes it well") {
        CHECK(history.apply(given, 40).value() > cursor);
    }
    stored = history.folders().value()[0];
    CHECK(stored.state == "ok");
    CHECK(stored.error.empty());
    CHECK(stored.last_good_scan == 40);
    CHECK_FALSE(history.volumes().value()[0].stale);
    CHECK_FALSE(history.volumes().value()[1].stale);
    CHECK(history.findings(false).value().empty());
    CHECK(history.findings(true).value()[0].closed == 40);
}

TEST_CASE("a folder that never could be read is known and stale") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto record = folder("/srv/a");
    record.error = "not_found";
    REQUIRE(opened.history.mark_stale(record, {}, 20).has_value());
    const auto stored = opened.history.folders().value()[0];
    CHECK(stored.state == "stale");
    CHECK(stored.last_good_scan == 0);
    CHECK(stored.first_seen == 20);
}

TEST_CASE("declare makes a folder's row and brings only its description up to date") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto record = folder("/srv/a");
    record.state = "pending";
    const auto cursor = opened.history.declare(record, 5).value();
    CHECK(opened.history.folders().value()[0].state == "pending");
    CHECK(opened.history.declare(record, 6).value() == cursor);
    REQUIRE(opened.history.apply(change("/srv/a", 3), 7).has_value());
    record.customer = "Globex";
    REQUIRE(opened.history.declare(record, 8).has_value());
    const auto stored = opened.history.folders().value()[0];
    CHECK(stored.customer == "Globex");
    CHECK(stored.state == "ok");
    CHECK(stored.images == 3);
    CHECK(stored.first_seen == 5);
}

TEST_CASE("what people set for a volume moves that volume's place in the change feed, and no other's") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    FolderChange change;
    change.folder = folder("/srv/a");
    change.volumes = {volume(change.folder, "C_VOL"), volume(change.folder, "D_VOL")};
    const auto before = opened.history.apply(change, 1000).value();
    const auto after = opened.history.touch_volume(change.folder.id, change.volumes[1].id).value();
    CHECK(after > before);
    for (const auto& record : opened.history.volumes().value()) CHECK((record.seq == after) == (record.volume == "D_VOL"));
    CHECK(opened.history.touch_volume(change.folder.id, "vol_0000000000000000").value() == after);
    CHECK(opened.history.touch_volume("fld_0000000000000000", change.volumes[1].id).value() == after);
}

TEST_CASE("touching an unknown folder is an error") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    CHECK(opened.history.touch("fld_0000000000000000", 1, 1, 1).error() == errc::failed);
    CHECK(opened.history.add_sample("fld_0000000000000000", {}).error() == errc::failed);
    CHECK(opened.history.cursor().value() == 0);
}

TEST_CASE("a removed folder leaves tombstones, closes its findings, and takes them back when it returns") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto& history = opened.history;
    auto given = change("/srv/a", 2);
    given.findings = {finding("scan:" + given.folder.id + ":", "md5_missing", given.folder.id)};
    const auto before = history.apply(given, 10).value();
    REQUIRE(history.set_findings("time:", {finding("time:", "space_low", given.folder.id), finding("time:", "agent_old")}, 10).has_value());
    REQUIRE(history.add_sample(given.folder.id, {10, 1, 1, 1}).has_value());
    REQUIRE(history.remove_folder(given.folder.id, 20).has_value());
    CHECK(history.folders().value().empty());
    CHECK(history.volumes().value().empty());
    CHECK(history.memory(given.folder.id).value().empty());
    CHECK(history.samples(given.folder.id).value().empty());
    REQUIRE(history.findings(false).value().size() == 1);
    CHECK(history.findings(false).value()[0].code == "agent_old");
    const auto removed = history.removed_since(before).value();
    CHECK(removed.complete);
    REQUIRE(removed.tombstones.size() == 3);
    CHECK(removed.tombstones[2].kind == "folder");
    CHECK(removed.tombstones[2].id == given.folder.id);
    CHECK(history.removed_since(removed.tombstones[2].seq).value().tombstones.empty());
    const auto cursor = history.cursor().value();
    CHECK(history.remove_folder(given.folder.id, 30).value() == cursor);
    REQUIRE(history.apply(given, 40).has_value());
    CHECK(history.removed_since(before).value().tombstones.empty());
    CHECK(history.folders().value()[0].first_seen == 40);
}

TEST_CASE("tombstones are limited, and a reader from before the limit is told to start anew") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto& history = opened.history;
    auto given = change("/srv/a", 0);
    given.volumes.clear();
    for (int i = 0; i < 5'003; ++i) given.volumes.push_back(volume(given.folder, "V" + std::to_string(i)));
    const auto first = history.apply(given, 1).value();
    REQUIRE(history.remove_folder(given.folder.id, 2).has_value());
    CHECK(history.removed_since(first).value().complete);
    CHECK(history.removed_since(first).value().tombstones.size() == 5'004);
    auto other = change("/srv/b", 0);
    other.volumes.clear();
    for (int i = 0; i < 5'003; ++i) other.volumes.push_back(volume(other.folder, "V" + std::to_string(i)));
    const auto second = history.apply(other, 3).value();
    REQUIRE(history.remove_folder(other.folder.id, 4).has_value());
    CHECK_FALSE(history.removed_since(first).value().complete);
    CHECK(history.removed_since(second).value().complete);
    CHECK(history.removed_since(0).value().tombstones.size() == 10'000);
    CHECK_FALSE(history.removed_since(history.cursor().value() + 1).value().complete);
}

TEST_CASE("one sample is kept for each folder and day, the day's last") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    const auto given = change("/srv/a", 0);
    REQUIRE(opened.history.apply(given, 1).has_value());
    const std::int64_t day = 86'400;
    for (const Sample& s : {Sample{10 * day + 5, 1, 1, 1}, Sample{10 * day + 9, 2, 2, std::nullopt}, Sample{10 * day + 7, 3, 3, 3},
                            Sample{11 * day, 4, 4, 4}}) {
        REQUIRE(opened.history.add_sample(given.folder.id, s).has_value());
    }
    auto samples = opened.history.samples(given.folder.id).value();
    REQUIRE(samples.size() == 2);
    CHECK(samples[0].image_bytes == 2);
    CHECK_FALSE(samples[0].free_bytes);
    CHECK(samples[1].at == 11 * day);
    REQUIRE(opened.history.tidy(0, 11 * day).has_value());
    CHECK(opened.history.samples(given.folder.id).value().size() == 1);
}

TEST_CASE("tidying drops volumes that vanished 90 days before the newest scan") {
    const Temporary here;
    auto opened = open_history(here.path("h.db"));
    auto given = change("/srv/a", 0);
    REQUIRE(opened.history.apply(given, 1'000).has_value());
    given.volumes.pop_back();
    REQUIRE(opened.history.apply(given, 2'000).has_value());
    const std::int64_t days90 = 90 * 86'400;
    REQUIRE(opened.history.apply(given, 2'000 + days90).has_value());
    REQUIRE(opened.history.tidy(0, 0).has_value());
    CHECK(opened.history.volumes().value().size() == 2);
    const auto cursor = opened.history.apply(given, 2'001 + days90).value();
    REQUIRE(opened.history.tidy(0, 0).has_value());
    CHECK(opened.history.volumes().value().size() == 1);
    CHECK(opened.history.removed_since(cursor).value().tombstones.at(0).kind == "volume");
}

TEST_CASE("a second connection sees what is committed and cannot write") {
    const Temporary here;
    CHECK(History::open(here.path("h.db"), History::Mode::read_only, 1).error() == errc::cannot_open);
    auto writer = open_history(here.path("h.db"));
    auto reader = History::open(here.path("h.db"), History::Mode::read_only, 1).value();
    CHECK(reader.history.folders().value().empty());
    REQUIRE(writer.history.apply(change("/srv/a", 3), 1).has_value());
    CHECK(reader.history.folders().value().size() == 1);
    CHECK(reader.history.cursor().value() == writer.history.cursor().value());
    CHECK(reader.history.memory(folder_id("/srv/a")).value().size() == 3);
    CHECK(reader.history.epoch().value() == writer.history.epoch().value());
    CHECK(reader.history.apply(change("/srv/b", 3), 1).has_error());
    REQUIRE(writer.history.touch(folder_id("/srv/a"), 9, 1, 2).has_value());
    CHECK(reader.history.folders().value()[0].last_scan == 9);
}

TEST_CASE("everything is there after closing and opening again") {
    const Temporary here;
    std::string epoch;
    std::uint64_t cursor = 0;
    {
        auto opened = open_history(here.path("h.db"));
        cursor = opened.history.apply(change("/srv/a", 3), 1).value();
        epoch = opened.history.epoch().value();
    }
    auto opened = open_history(here.path("h.db"));
    CHECK_FALSE(opened.created);
    CHECK(opened.history.cursor().value() == cursor);
    CHECK(opened.history.epoch().value() == epoch);
    CHECK(epoch.size() == 16);
    CHECK(opened.history.folders().value().size() == 1);
}

TEST_CASE("what records say is kept apart from looks, and moves the cursor only where it differs") {
    const Temporary here;
    auto [history, aside, created] = open_history(here.path("h.db"));
    auto given = change("/srv/a", 2);
    const auto before = history.apply(given, 100).value();
    RecordsChange records{given.folder.id, R"({"index":1})", {{given.volumes[0].id, R"({"sets":[]})"}}};
    const auto said = history.set_records(records).value();
    CHECK(said == before + 2);
    CHECK(history.set_records(records).value() == said);
    // A look knows nothing of it, and takes nothing away.
    given.folder.images = 3;
    CHECK(history.apply(given, 200).value() == said + 1);
    CHECK(history.folders().value()[0].records == records.folder);
    CHECK(history.volumes().value()[0].records == R"({"sets":[]})");
    CHECK(history.mark_stale(given.folder, {}, 300).has_value());
    CHECK(history.folders().value()[0].records == records.folder);
    records.folder.clear();
    records.volumes.clear();
    CHECK(history.set_records(records).has_value());
    CHECK(history.folders().value()[0].records.empty());
    CHECK(history.volumes().value()[0].records.empty());
    records.folder_id = "fld_unknown";
    CHECK(history.set_records(records).has_value());
}
