#include "agent/imagemanager/records.hpp"

#include "agent/imagemanager/database_file.hpp"
#include "tests/support/jet_samples.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace imc::imagemanager;
using imc::jet::ColumnType;
using imc::jet::DateTime;
using imc::jet::MemorySource;
using support::JetRow;
using support::JetTable;

namespace {

using Octets = std::vector<std::uint8_t>;

Octets golden(const std::string& name) {
    std::ifstream file(std::string(IMC_GOLDEN) + "/imagemanager-mdb/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Records records_in(const Octets& bytes) {
    const MemorySource source(bytes);
    auto records = read_records(source);
    REQUIRE(records.has_value());
    return *records;
}

Records records_of(const std::vector<JetTable>& tables) {
    return records_in(support::jet_database(tables));
}

JetTable table(std::string name, std::vector<support::JetColumn> columns, std::vector<std::vector<imc::jet::Value>> rows) {
    JetTable made{std::move(name), std::move(columns), {}, false};
    for (auto& row : rows) made.rows.push_back({std::move(row)});
    return made;
}

JetTable paths(const char* name, std::vector<std::vector<imc::jet::Value>> rows) {
    return table(name, {{"Index", ColumnType::long_int}, {"Path", ColumnType::text}}, std::move(rows));
}

const WatchedFolder& folder(const Records& records, std::int64_t index) {
    const auto found = std::find_if(records.folders.begin(), records.folders.end(), [index](const auto& f) { return f.index == index; });
    REQUIRE(found != records.folders.end());
    return *found;
}

const Target& target(const Records& records, std::int64_t index) {
    REQUIRE(records.targets.has_value());
    const auto found = std::find_if(records.targets->begin(), records.targets->end(), [index](const auto& t) { return t.index == index; });
    REQUIRE(found != records.targets->end());
    return *found;
}

constexpr UnixTime june_1 = 1'780'351'200;  // 2026-06-01T22:00:00Z
constexpr double june_1_serial = 46174.916666666664;

}  // namespace

TEST_CASE("folders are live where their sets are, and stale rows have neither sets nor files") {
    const Records records = records_in(golden("imagemanager-small.mdb"));
    REQUIRE(records.folders.size() == 4);
    CHECK(folder(records, 1).live);
    CHECK(folder(records, 1).path == "D:\\Backups\\Acme\\ACME-DC01");
    CHECK(folder(records, 1).sets.size() == 2);
    CHECK(folder(records, 2).files->size() == 315);
    CHECK_FALSE(folder(records, 3).live);
    CHECK(folder(records, 3).path == "D:\\Backups\\Gone\\OLD-SRV");
    CHECK(folder(records, 3).sets.empty());
    CHECK(folder(records, 3).files->empty());
    const ImageSet& set = folder(records, 1).sets[0];
    CHECK(set.id == 1);
    CHECK(set.machine == "ACME-DC01");
    CHECK(set.base_name == "C_VOL-b001");
    CHECK(set.set_guid == "{BAF79BE4-B6F4-6298-6D66-A02F36C92E87}");
    CHECK(set.images == 49);
    CHECK(set.latest_create_time == 1'783'789'200);
    CHECK(set.sync_time == 1'783'790'400);
    const ImageFile& file = folder(records, 1).files->front();
    CHECK(file.name == "C_VOL-b001.spf");
    CHECK(file.bytes == 165'899'876'354);
    CHECK(file.created == june_1);
    CHECK(file.verify_status == 1);
    CHECK_FALSE(file.failed());
    CHECK(records.unknown_tables.empty());
    CHECK(records.unknown_columns.empty());
}

TEST_CASE("targets have the type of their tables, and what waits and was sent is counted") {
    const Records records = records_in(golden("imagemanager-small.mdb"));
    REQUIRE(records.targets->size() == 4);
    const Target& lan = target(records, 1);
    CHECK(lan.type == TargetType::network);
    CHECK(lan.live);
    CHECK(lan.queued == 0);
    CHECK(lan.queued_bytes == 0);
    CHECK_FALSE(lan.oldest_queued);
    CHECK(lan.sent == 20);
    const Target& ftp = target(records, 2);
    CHECK(ftp.type == TargetType::ftp);
    CHECK(ftp.path == "ftp://replica.example.net/ACME-SQL01");
    CHECK(ftp.queued == 7);
    CHECK(ftp.sent == 15);
    const Target& hsr = target(records, 4);
    CHECK(hsr.type == TargetType::headstart);
    CHECK(hsr.queued == 3);
    CHECK(hsr.queued_bytes == 55'556'236 + 180'364'562 + 175'103'435);
    CHECK(hsr.oldest_queued == 1'788'908'400);  // 2026-09-08T23:00:00Z
    const Target& gone = target(records, 9);
    CHECK_FALSE(gone.live);
    CHECK(gone.type == TargetType::unknown);
    CHECK_FALSE(gone.queued);
    CHECK_FALSE(gone.sent);
    CHECK(gone.path == "G:\\Gone\\target");
}

TEST_CASE("every file that the writer of a golden database lists is there, and no other") {
    for (const std::string name : {"imagemanager-small", "imagemanager-unicode"}) {
        std::vector<std::string> found, listed;
        for (const auto& each : records_in(golden(name + ".mdb")).folders) {
            for (const auto& file : *each.files) {
                found.push_back(*each.path + "\t" + *file.name + "\t" + std::to_string(*file.bytes) + "\t" +
                                std::to_string(*file.created / 60) + "\t" + std::to_string(*file.verify_status));
            }
        }
        std::ifstream lines(std::string(IMC_GOLDEN) + "/imagemanager-mdb/" + name + ".tsv");
        std::string line;
        std::getline(lines, line);
        while (std::getline(lines, line)) {
            std::istringstream cells(line);
            std::string path, file, bytes, created, status;
            std::getline(cells, path, '\t');
            std::getline(cells, file, '\t');
            std::getline(cells, bytes, '\t');
            std::getline(cells, created, '\t');
            std::getline(cells, status, '\t');
            std::tm time{};
            REQUIRE(std::sscanf(created.c_str(), "%d-%d-%dT%d:%d", &time.tm_year, &time.tm_mon, &time.tm_mday, &time.tm_hour,
                                &time.tm_min) == 5);
            const std::chrono::sys_days day = std::chrono::year(time.tm_year) / time.tm_mon / time.tm_mday;
            const auto minutes = day.time_since_epoch().count() * 1440L + time.tm_hour * 60 + time.tm_min;
            listed.push_back(path + "\t" + file + "\t" + bytes + "\t" + std::to_string(minutes) + "\t" + status);
        }
        std::sort(found.begin(), found.end());
        std::sort(listed.begin(), listed.end());
        CHECK(found.size() > 100);
        CHECK(found == listed);
    }
}

TEST_CASE("columns that a version lacks are nothing, and sizes may be of any type of number") {
    const Records records = records_in(golden("imagemanager-sparse.mdb"));
    REQUIRE(records.folders.size() == 1);
    CHECK(records.folders[0].sets[0].images == 2);
    CHECK_FALSE(records.folders[0].sets[0].set_guid);
    const auto& files = *records.folders[0].files;
    REQUIRE(files.size() == 2);
    CHECK(files[0].bytes == 31'000'000'000);
    CHECK_FALSE(files[0].created);
    CHECK_FALSE(files[0].last_verified);
    CHECK_FALSE(files[0].verify_failed);
    CHECK(files[1].verify_status == 0);
    REQUIRE(records.targets.has_value());
    CHECK(records.targets->empty());
}

TEST_CASE("tables that a version lacks are nothing, never none") {
    const auto sets = table("w1Sets", {{"Id", ColumnType::long_int}}, {{std::int64_t{5}}});
    const Records records = records_of({paths("WatchPaths", {{std::int64_t{1}, std::string("D:\\A")}}), sets});
    CHECK_FALSE(records.targets);
    REQUIRE(records.folders[0].live);
    CHECK_FALSE(records.folders[0].files);
    CHECK(records.folders[0].sets[0].id == 5);
}

TEST_CASE("a queue is told even where no path leads to it, and two types may share a number") {
    const std::vector<support::JetColumn> queue = {
        {"Name", ColumnType::text}, {"FileSize", ColumnType::currency}, {"CreateTime", ColumnType::date_time}};
    const std::vector<support::JetColumn> sent = {{"Name", ColumnType::text}, {"Sent", ColumnType::date_time}};
    const DateTime at{june_1_serial}, later{june_1_serial + 2};
    const Records records = records_of({
        paths("WatchPaths", {}),
        paths("TargetPaths", {{std::int64_t{3}, std::string("\\\\nas\\x")}, {std::int64_t{3}, std::string("left behind")}}),
        table("lan3Queue", queue,
              {{std::string("a"), imc::jet::Currency{70'000}, later}, {std::string("b"), imc::jet::Currency{10'000}, at}}),
        table("FTP3Sent", sent, {{std::string("a"), at}, {std::string("b"), later}}),
        table("cloud8Queue", queue, {{std::string("a"), std::monostate(), std::monostate()}}),
        table("xyz9Sent", sent, {}),
        table("adv1Verify", sent, {}),
        table("lan3Remote", sent, {}),
        table("Surprise", sent, {}),
        table("w2Files", sent, {}),
    });
    REQUIRE(records.targets->size() == 5);
    const auto& all = *records.targets;
    CHECK(all[0].type == TargetType::ftp);
    CHECK(all[0].last_sent == june_1 + 2 * 86'400);
    CHECK(all[0].sent == 2);
    CHECK_FALSE(all[0].sent_bytes);
    CHECK_FALSE(all[0].queued);
    CHECK(all[1].type == TargetType::network);
    CHECK(all[1].queued_bytes == 8);
    CHECK(all[1].oldest_queued == june_1);
    CHECK(all[2].path == "left behind");
    CHECK_FALSE(all[2].live);
    CHECK(all[3].index == 8);
    CHECK(all[3].live);
    CHECK_FALSE(all[3].path);
    CHECK(all[3].queued == 1);
    CHECK_FALSE(all[3].queued_bytes);
    CHECK(all[4].type == TargetType::unknown);
    CHECK(all[4].sent == 0);
    CHECK(records.unknown_tables == std::vector<std::string>{"Surprise"});
}

TEST_CASE("values of unexpected types are converted where nothing is lost, else nothing") {
    const std::vector<support::JetColumn> columns = {{"Name", ColumnType::text},
                                                     {"FileSize", ColumnType::text},
                                                     {"VerifyStatus", ColumnType::double_float},
                                                     {"VerifyFailed", ColumnType::long_int},
                                                     {"SetGuid", ColumnType::guid},
                                                     {"CreateTime", ColumnType::text},
                                                     {"ImageType", ColumnType::numeric, true, 2},
                                                     {"Extra", ColumnType::long_int}};
    const imc::jet::Guid guid{{0x72, 0x6C, 0x4A, 0x69, 0xD0, 0x21, 0x98, 0x4A, 0xB7, 0xB8, 0x79, 0xF5, 0x53, 0xE4, 0x60, 0xCC}};
    const Records records = records_of({
        paths("watchpaths", {{std::int64_t{1}, std::string("D:\\A")}}),
        table("W1SETS", {{"Id", ColumnType::long_int}}, {}),
        table("w1files", columns,
              {{std::string("a"), std::string("42"), -1.0, std::int64_t{-1}, guid, std::string("June"),
                imc::jet::Numeric{{0, 0, 0, 300}, false, 2}, std::int64_t{1}},
               {std::string("b"), std::string("-42"), 0.5, std::int64_t{0}, std::monostate(), std::monostate(),
                imc::jet::Numeric{{0, 0, 0, 301}, false, 2}, std::int64_t{1}}}),
    });
    const auto& files = *records.folders[0].files;
    CHECK(files[0].bytes == 42);
    CHECK(files[0].verify_status == -1);
    CHECK(files[0].verify_failed == true);
    CHECK(files[0].failed());
    CHECK(files[0].set_guid == "{694A6C72-21D0-4A98-B7B8-79F553E460CC}");
    CHECK_FALSE(files[0].created);
    CHECK(files[0].image_type == 3);
    CHECK_FALSE(files[1].bytes);
    CHECK_FALSE(files[1].verify_status);
    CHECK(files[1].verify_failed == false);
    CHECK_FALSE(files[1].failed());
    CHECK_FALSE(files[1].image_type);
    CHECK(records.unknown_columns == std::vector<std::string>{"w1files.Extra"});
}

TEST_CASE("a database of somebody else, and a damaged one, are told with their table") {
    const auto error_of = [](const Octets& bytes) {
        const MemorySource source(bytes);
        const auto records = read_records(source);
        REQUIRE(records.has_error());
        return records.error();
    };
    CHECK(error_of(support::jet_database(support::every_form())).kind == RecordsError::Kind::not_its_own);
    CHECK(error_of(support::jet_database({table("WatchPaths", {{"Folder", ColumnType::text}}, {})})).kind ==
          RecordsError::Kind::not_its_own);
    Octets bytes = golden("imagemanager-small.mdb");
    bytes.erase(bytes.end() - 100'000, bytes.end());
    const auto cut = error_of(bytes);
    CHECK(cut.kind == RecordsError::Kind::damaged);
    CHECK(cut.text().find("ends too early (page ") != std::string::npos);
    CHECK_FALSE(cut.table.empty());
    CHECK(error_of({}).text().find("no Access database") != std::string::npos);
}

TEST_CASE("tables that share their rows over and over are refused") {
    std::vector<JetTable> tables;
    std::vector<std::vector<imc::jet::Value>> watched, files(3000, {std::string("x")});
    for (std::int64_t i = 1; i <= 100; ++i) {
        watched.push_back({i, std::string("D:\\A")});
        tables.push_back(table("w" + std::to_string(i) + "Sets", {{"Name", ColumnType::text}}, {}));
    }
    tables[0].name = "w1Sets";
    tables[0].rows = table("", {{"Name", ColumnType::text}}, files).rows;
    tables.push_back(paths("WatchPaths", watched));
    Octets bytes = support::jet_database(tables);
    REQUIRE(records_in(bytes).folders[0].sets.size() == 3000);
    // Every definition becomes that of the first table: its map, and the data pages' owner by the catalogue's pages.
    std::size_t changed = 0;
    for (std::size_t page = 4; page * 4096 < bytes.size(); ++page) {
        auto* at = bytes.data() + page * 4096;
        if (at[0] != 1 || at[4] != 2) continue;
        for (std::size_t i = 14; i + 4 <= 4096; ++i) {
            // Rows of the catalogue begin with the number of columns and the Id, the page of a definition.
            if (at[i] == 6 && at[i + 1] == 0 && at[i + 3] == 0 && at[i + 4] == 0 && at[i + 5] == 0 && at[i + 2] > 3) {
                at[i + 2] = 3;
                ++changed;
            }
        }
    }
    REQUIRE(changed > 50);
    const MemorySource source(bytes);
    const auto records = read_records(source);
    REQUIRE(records.has_error());
    CHECK(records.error().kind != RecordsError::Kind::damaged);
}

TEST_CASE("a file is read as it lies, and what is none is told by name") {
    const std::string folder = std::string(IMC_GOLDEN) + "/imagemanager-mdb";
    const auto loaded = load_records(folder + "/imagemanager-unicode.mdb");
    REQUIRE(loaded.has_value());
    CHECK(loaded->folders.size() == 3);
    for (const std::string wrong : {"/imagemanager-unicode.tsv", "/nothing.mdb", ""}) {
        const auto failed = load_records(folder + wrong);
        REQUIRE(failed.has_error());
        CHECK(failed.error().find(folder + wrong) != std::string::npos);
    }
    const auto file = DatabaseFile::open(folder + "/imagemanager-sparse.mdb");
    REQUIRE(file.has_value());
    CHECK((*file)->size() == 266'240);
    CHECK_FALSE((*file)->changed());
}

TEST_CASE("a file that was written meanwhile is noticed") {
    const auto path = std::filesystem::temp_directory_path() / ("imc-records-" + std::to_string(Catch::rngSeed()) + "-changed.mdb");
    std::ofstream(path) << "first";
    {
        const auto file = DatabaseFile::open(path.string());
        REQUIRE(file.has_value());
        std::ofstream(path, std::ios::app) << "second";
        CHECK((*file)->changed());
    }
    std::filesystem::remove(path);
}

TEST_CASE("a large server's database is read in full") {
    const Records records = records_of(support::large_server(150, 40'000));
    REQUIRE(records.folders.size() == 150);
    std::size_t files = 0;
    for (const auto& each : records.folders) files += each.files->size();
    CHECK(files == 150 * 2 * (40'000 / 150 / 2));
}
