#include "agent/store/migration.hpp"
#include "tests/agent/store/support.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <fstream>

using namespace imc::store;
using namespace imc::test;
namespace fs = std::filesystem;

namespace {

// A closed database of a few dozen pages.
std::string make(const Temporary& here) {
    const std::string path = here.path("h.db");
    auto opened = open_history(path);
    auto given = change("/srv/a", 2'000);
    given.findings = {finding("scan:" + given.folder.id + ":", "md5_missing", given.folder.id)};
    REQUIRE(opened.history.apply(given, 10).has_value());
    return path;
}

void overwrite(const std::string& path, std::uint64_t at, const std::string& bytes) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at));
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    REQUIRE(file.good());
}

void check_rebuilt(const std::string& path) {
    auto opened = History::open(path, History::Mode::read_write, 77);
    REQUIRE(opened.has_value());
    CHECK(opened->set_aside == path + ".damaged-77");
    CHECK(fs::exists(opened->set_aside));
    CHECK(opened->created);
    CHECK(opened->history.folders().value().empty());
    const auto given = change("/srv/a", 5);
    REQUIRE(opened->history.apply(given, 80).has_value());
    CHECK(opened->history.memory(given.folder.id).value().size() == 5);
}

}  // namespace

TEST_CASE("a damaged history is set aside and an empty one begun") {
    const Temporary here;
    const std::string path = make(here);
    SECTION("garbage") {
        std::ofstream(path, std::ios::binary) << std::string(20'000, 'x');
    }
    SECTION("a few bytes of garbage") {
        std::ofstream(path, std::ios::binary) << "hello";
    }
    SECTION("the first page alone") {
        fs::resize_file(path, 4'096);
    }
    SECTION("the last page cut off") {
        fs::resize_file(path, fs::file_size(path) - 4'096);
    }
    SECTION("cut within a page") {
        fs::resize_file(path, fs::file_size(path) / 2 + 100);
    }
    SECTION("the header of an inner page overwritten") {
        overwrite(path, fs::file_size(path) / 4'096 / 2 * 4'096, std::string(64, '\x5a'));
    }
    SECTION("another program's database") {
        fs::remove(path);
        auto database = Database::open(path, Database::Mode::read_write).value();
        database->execute("CREATE TABLE theirs (x); PRAGMA user_version = 1");
    }
    check_rebuilt(path);
}

TEST_CASE("ids are the same in a rebuilt history, and its epoch is another") {
    const Temporary here;
    const std::string path = make(here);
    std::string epoch;
    {
        auto opened = open_history(path);
        epoch = opened.history.epoch().value();
    }
    std::ofstream(path, std::ios::binary) << std::string(20'000, 'x');
    auto opened = open_history(path, 77);
    REQUIRE(opened.history.apply(change("/srv/a", 1), 80).has_value());
    CHECK(opened.history.folders().value()[0].id == folder_id("/srv/a"));
    CHECK(opened.history.volumes().value()[0].id == volume_id("/srv/a", "C_VOL"));
    CHECK(opened.history.epoch().value() != epoch);
}

TEST_CASE("bytes flipped anywhere are set aside, or reading goes on or says damaged; never a crash") {
    const Temporary here;
    const std::string path = make(here);
    const std::uint64_t size = fs::file_size(path);
    int aside = 0;
    std::uint64_t random = 12345;
    for (int i = 0; i < 60; ++i) {
        const std::string copy = here.path("copy.db");
        for (const char* end : {"", "-wal", "-shm"}) fs::remove(copy + end);
        fs::copy_file(path, copy);
        random = random * 6364136223846793005U + 1442695040888963407U;
        overwrite(copy, (random >> 20U) % (size - 16), "\xff\x00\xa5\x5a\x81\x7f\x01\xfe");
        auto opened = History::open(copy, History::Mode::read_write, 1'000 + i);
        if (!opened) {
            // A flipped version number is one of a newer program.
            CHECK(opened.error() == errc::too_new);
            continue;
        }
        if (!opened->set_aside.empty()) ++aside;
        const auto memory = opened->history.memory(folder_id("/srv/a"));
        CHECK((memory.has_value() || memory.error() == errc::damaged));
        const auto folders = opened->history.folders();
        CHECK((folders.has_value() || folders.error() == errc::damaged));
        const auto applied = opened->history.apply(change("/srv/a", 100), 2'000);
        CHECK((applied.has_value() || applied.error() == errc::damaged || applied.error() == errc::failed));
    }
    CHECK(aside > 0);
}

TEST_CASE("of files set aside the three newest stay") {
    const Temporary here;
    const std::string path = here.path("h.db");
    for (int i = 0; i < 6; ++i) {
        std::ofstream(path, std::ios::binary) << std::string(5'000, 'x');
        here.stamp("h.db", 1'700'000'000 + i, 0);
        CHECK(open_history(path, i / 2).set_aside.starts_with(path + ".damaged-"));
    }
    int left = 0;
    for (const auto& entry : fs::directory_iterator(here.path()))
        left += entry.path().filename().string().starts_with("h.db.damaged-") ? 1 : 0;
    CHECK(left == 3);
    CHECK(fs::exists(path + ".damaged-2-2"));
}

TEST_CASE("a history of a newer version is refused and not touched") {
    const Temporary here;
    const std::string path = make(here);
    Database::open(path, Database::Mode::read_write).value()->execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version = 99");
    CHECK(History::open(path, History::Mode::read_write, 5).error() == errc::too_new);
    CHECK(History::open(path, History::Mode::read_only, 5).error() == errc::too_new);
    CHECK_FALSE(fs::exists(path + ".damaged-5"));
    CHECK(Database::open(path, Database::Mode::read_only).value()->number("SELECT count(*) FROM images") == 2'000);
}

TEST_CASE("a history of an older version is brought forward with everything in it") {
    const Temporary here;
    const std::string path = make(here);
    Database::open(path, Database::Mode::read_write)
        .value()
        ->execute(
            "DROP TABLE checks; DROP TABLE checked; DROP TABLE activity; DROP TABLE entries; DROP TABLE readings; DROP TABLE troubles;"
            "DROP TABLE successes; ALTER TABLE volumes DROP COLUMN checks_good; ALTER TABLE volumes DROP COLUMN checks_failed;"
            "ALTER TABLE volumes DROP COLUMN checks_others; ALTER TABLE volumes DROP COLUMN checks_oldest;"
            "ALTER TABLE volumes DROP COLUMN checks_newest; ALTER TABLE folders DROP COLUMN retention;"
            "ALTER TABLE folders DROP COLUMN records; ALTER TABLE volumes DROP COLUMN records; PRAGMA user_version = 1;"
            "PRAGMA wal_checkpoint(TRUNCATE)");
    const auto opened = History::open(path, History::Mode::read_write, 5);
    REQUIRE(opened.has_value());
    const auto folders = opened->history.folders().value();
    REQUIRE_FALSE(folders.empty());
    CHECK(folders[0].retention.empty());
    CHECK(folders[0].records.empty());
    CHECK_FALSE(fs::exists(path + ".damaged-5"));
    CHECK(Database::open(path, Database::Mode::read_only).value()->number("SELECT count(*) FROM images") == 2'000);
}

TEST_CASE("a history whose place cannot be used is not opened") {
    const Temporary here;
    here.directory("d");
    CHECK(History::open(here.path("d"), History::Mode::read_write, 5).error() == errc::cannot_open);
    CHECK(History::open(here.path("none/h.db"), History::Mode::read_write, 5).error() == errc::cannot_open);
}

TEST_CASE("steps lead from version to version, and one that fails leaves the version before it") {
    const Temporary here;
    auto database = Database::open(here.path("m.db"), Database::Mode::read_write).value();
    constexpr std::array first{"CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1)"};
    CHECK_FALSE(migrate(*database, first));
    CHECK(database->number("PRAGMA user_version") == 1);
    constexpr std::array broken{first[0], "CREATE TABLE b (x INTEGER) STRICT", "CREATE TABLE c (x INTEGER) STRICT; CREATE TABLE b (y)"};
    CHECK(migrate(*database, broken) == errc::failed);
    database->forget_failure();
    CHECK(database->number("PRAGMA user_version") == 2);
    CHECK(database->number("SELECT count(*) FROM sqlite_schema WHERE name = 'c'") == 0);
    constexpr std::array mended{first[0], broken[1], "CREATE TABLE c (x INTEGER) STRICT"};
    CHECK_FALSE(migrate(*database, mended));
    CHECK(database->number("PRAGMA user_version") == 3);
    CHECK(database->number("SELECT x FROM a") == 1);
    CHECK(migrate(*database, first) == errc::too_new);
    CHECK(database->number("PRAGMA user_version") == 3);
}
