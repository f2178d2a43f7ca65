#include "agent/imagemanager/jet/database.hpp"
#include "agent/imagemanager/jet/text.hpp"
#include "tests/support/jet_samples.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <limits>

using namespace imc::jet;
using support::JetRow;
using support::JetTable;

namespace {

using Octets = std::vector<std::uint8_t>;

Octets golden(const std::string& name) {
    std::ifstream file(std::string(IMC_GOLDEN) + "/imagemanager-mdb/" + name, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::vector<Value>> rows_of(const Database& database, const std::string& name) {
    const auto* entry = database.find(name);
    REQUIRE(entry);
    const auto table = database.table(*entry);
    REQUIRE(table.has_value());
    auto cursor = database.rows(*table);
    REQUIRE(cursor.has_value());
    std::vector<std::vector<Value>> rows;
    for (;;) {
        const auto more = cursor->next();
        REQUIRE(more.has_value());
        if (!*more) return rows;
        rows.emplace_back(cursor->row().begin(), cursor->row().end());
    }
}

std::vector<std::vector<Value>> read_back(const JetTable& table) {
    const Octets bytes = support::jet_database({table});
    const MemorySource source(bytes);
    const auto database = Database::open(source);
    REQUIRE(database.has_value());
    return rows_of(*database, table.name);
}

JetTable of_one(ColumnType type, std::vector<Value> values, JetRow::Place place = JetRow::Place::here) {
    JetTable table{"T", {{"V", type}}, {}, false};
    for (auto& value : values) table.rows.push_back({{std::move(value)}, JetRow::Kind::plain, place});
    return table;
}

std::optional<errc> refusal(const Octets& bytes) {
    const MemorySource source(bytes);
    const auto database = Database::open(source);
    if (database) return std::nullopt;
    return database.error().code;
}

}  // namespace

TEST_CASE("a golden database shows its tables, columns and rows") {
    const Octets bytes = golden("imagemanager-small.mdb");
    const MemorySource source(bytes);
    const auto database = Database::open(source);
    REQUIRE(database.has_value());
    const auto* entry = database->find("WATCHPATHS");
    REQUIRE(entry);
    CHECK(entry->name == "WatchPaths");
    CHECK_FALSE(entry->system);
    CHECK(database->find("MSysObjects")->system);
    CHECK(database->find("w3Sets") == nullptr);
    const auto table = database->table(*database->find("w1Files"));
    REQUIRE(table.has_value());
    CHECK(table->declared_rows == 98);
    REQUIRE(table->columns.size() == 8);
    CHECK(table->columns[0].type == ColumnType::text);
    CHECK(table->columns[0].length == 510);
    CHECK(table->column("filesize") == 2);
    CHECK(table->column("no such") == -1);
    const auto rows = rows_of(*database, "w1Files");
    REQUIRE(rows.size() == 98);
    CHECK(rows[0][0] == Value(std::string("C_VOL-b001.spf")));
    CHECK(rows[0][2] == Value(165899876354.0));
    CHECK(std::get<DateTime>(rows[0][3]).civil() == Civil{2026, 6, 1, 22, 0, 0});
}

TEST_CASE("what is written in any type is read again") {
    const Guid guid{{0x72, 0x6C, 0x4A, 0x69, 0xD0, 0x21, 0x98, 0x4A, 0xB7, 0xB8, 0x79, 0xF5, 0x53, 0xE4, 0x60, 0xCC}};
    const Numeric exact{{0, 1, 2, 3}, true, 0};
    const std::vector<std::pair<ColumnType, std::vector<Value>>> all = {
        {ColumnType::yes_no, {true, false}},
        {ColumnType::byte, {std::int64_t{0}, std::int64_t{255}, std::monostate()}},
        {ColumnType::integer, {std::int64_t{-32768}, std::int64_t{32767}, std::monostate()}},
        {ColumnType::long_int, {std::int64_t{-2147483648}, std::int64_t{2147483647}, std::monostate()}},
        {ColumnType::currency, {Currency{std::numeric_limits<std::int64_t>::min()}, Currency{10'000}, std::monostate()}},
        {ColumnType::single, {1.25F, -0.0F, std::monostate()}},
        {ColumnType::double_float, {1e300, -2.5, std::monostate()}},
        {ColumnType::date_time, {DateTime{46000.5}, DateTime{-1.25}, std::monostate()}},
        {ColumnType::binary, {Binary{0, 1, 255}, Binary(510, 9), std::monostate()}},
        {ColumnType::text,
         {std::string("plain"), std::string("a\xCE\xB1z\xE2\x82\xAC\xF0\x9F\x92\xBE!"), std::string(255, 'x'), std::monostate()}},
        {ColumnType::guid, {guid, std::monostate()}},
        {ColumnType::numeric, {exact, std::monostate()}},
    };
    for (const auto& [type, values] : all) {
        INFO(to_string(type));
        const auto rows = read_back(of_one(type, values));
        REQUIRE(rows.size() == values.size());
        for (std::size_t i = 0; i < rows.size(); ++i) CHECK(rows[i][0] == values[i]);
    }
}

TEST_CASE("long values are read from their row, from one other row and from a chain of rows") {
    using Place = JetRow::Place;
    const std::string word = "memo \xC3\xA9 \xE2\x82\xAC ";
    std::string text;
    while (text.size() < 30'000) text += word;
    const std::string middle = text.substr(0, word.size() * 100);
    CHECK(read_back(of_one(ColumnType::memo, {word, std::monostate()}))[0][0] == Value(word));
    CHECK(read_back(of_one(ColumnType::memo, {middle}, Place::row))[0][0] == Value(middle));
    CHECK(read_back(of_one(ColumnType::memo, {text, word}, Place::rows))[0][0] == Value(text));
    CHECK(read_back(of_one(ColumnType::memo, {text, word}, Place::rows))[1][0] == Value(word));
    CHECK(read_back(of_one(ColumnType::ole, {Binary(9'000, 7)}, Place::rows))[0][0] == Value(Binary(9'000, 7)));
    CHECK(read_back(of_one(ColumnType::ole, {Binary(4'000, 7)}, Place::row))[0][0] == Value(Binary(4'000, 7)));
}

TEST_CASE("deleted rows are left out, moved rows are found, later columns are null in older rows") {
    JetTable table{"T", {{"A", ColumnType::long_int}, {"B", ColumnType::text}, {"C", ColumnType::yes_no}}, {}, false};
    const auto row = [](std::int64_t number) { return std::vector<Value>{number, "row " + std::to_string(number), true}; };
    table.rows = {{row(0)}, {row(1), JetRow::Kind::deleted}, {row(2), JetRow::Kind::moved}, {{std::int64_t{3}}}, {row(4)}};
    const auto rows = read_back(table);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0] == row(0));
    CHECK(rows[1] == row(2));
    CHECK(rows[2] == std::vector<Value>{std::int64_t{3}, std::monostate(), false});
    CHECK(rows[3] == row(4));
}

TEST_CASE("tables are read with a map in its row or on pages of its own, and a definition over several pages") {
    const auto sample = support::every_form();
    const Octets bytes = support::jet_database(sample);
    const MemorySource source(bytes);
    const auto database = Database::open(source);
    REQUIRE(database.has_value());
    REQUIRE(database->tables().size() == 5);
    CHECK(rows_of(*database, "Numbers").size() == 600);
    const auto rows = rows_of(*database, "Many Columns");
    REQUIRE(rows.size() == 2);
    CHECK(rows[1] == sample[2].rows[1].values);
    CHECK(rows_of(*database, "Empty").empty());
}

TEST_CASE("columns that are not wanted are not read") {
    const Octets bytes = support::jet_database(support::every_form());
    const MemorySource source(bytes);
    const auto database = Database::open(source);
    REQUIRE(database.has_value());
    auto table = database->table(*database->find("Every Type"));
    REQUIRE(table.has_value());
    static constexpr std::string_view wanted[] = {"text", "Long", "absent"};
    table->keep_only(wanted);
    REQUIRE(table->columns.size() == 2);
    auto cursor = database->rows(*table);
    REQUIRE(cursor.has_value());
    REQUIRE(*cursor->next());
    CHECK(cursor->row()[static_cast<std::size_t>(table->column("Text"))] == Value(std::string("plain")));
}

TEST_CASE("dates are days since the end of 1899, with the time of day counted forward") {
    CHECK(DateTime{0}.civil() == Civil{1899, 12, 30, 0, 0, 0});
    CHECK(DateTime{-1.25}.civil() == Civil{1899, 12, 29, 6, 0, 0});
    CHECK(DateTime{25569.5}.seconds() == 43'200);
    CHECK(DateTime{36585.0}.civil() == Civil{2000, 2, 29, 0, 0, 0});
    CHECK(DateTime{43830.999999999}.civil() == Civil{2020, 1, 1, 0, 0, 0});
    CHECK(DateTime{2958465.999}.civil() == Civil{9999, 12, 31, 23, 58, 34});
    CHECK(DateTime{-657434.0}.civil() == Civil{100, 1, 1, 0, 0, 0});
    CHECK_FALSE(DateTime{2958466.0}.civil());
    CHECK_FALSE(DateTime{-657436.0}.civil());
    CHECK_FALSE(DateTime{std::numeric_limits<double>::quiet_NaN()}.civil());
    CHECK_FALSE(DateTime{std::numeric_limits<double>::infinity()}.seconds());
}

TEST_CASE("exact numbers keep every digit") {
    CHECK(Currency{-123'400}.text() == "-12.3400");
    CHECK(Currency{5}.text() == "0.0005");
    CHECK(Currency{std::numeric_limits<std::int64_t>::min()}.text() == "-922337203685477.5808");
    CHECK(Numeric{{0, 0, 0, 1234}, true, 2}.text() == "-12.34");
    CHECK(Numeric{{0, 0, 0, 7}, false, 3}.text() == "0.007");
    CHECK(Numeric{{0, 0, 0, 0}, true, 2}.text() == "0.00");
    CHECK(Numeric{{0, 0, 1, 0}, false, 0}.text() == "4294967296");
    CHECK(Numeric{{~0U, ~0U, ~0U, ~0U}, false, 0}.text() == "340282366920938463463374607431768211455");
}

TEST_CASE("text that is broken becomes marks, never less") {
    const auto text = [](Octets bytes) { return utf8_of(bytes); };
    const std::string mark = "\xEF\xBF\xBD";
    CHECK(text({}).empty());
    CHECK(text({'a', 0, 'b'}) == "a" + mark);
    CHECK(text({0x3D, 0xD8, 'a', 0}) == mark + "a");
    CHECK(text({0xBE, 0xDC}) == mark);
    CHECK(text({0x3D, 0xD8}) == mark);
    CHECK(text({0x3D, 0xD8, 0xBE, 0xDC}) == "\xF0\x9F\x92\xBE");
    CHECK(text({0xFF, 0xFE, 'a', 0xE9, 0, 0xB1, 0x03, 0, 'z'}) == "a\xC3\xA9\xCE\xB1z");
    CHECK(text({0xFF, 0xFE, 0, 0xB1}) == mark);
}

TEST_CASE("other formats and encrypted databases are told by name") {
    const Octets good = golden("imagemanager-sparse.mdb");
    const auto with = [&good](std::size_t at, std::initializer_list<int> bytes) {
        Octets changed = good;
        for (const int byte : bytes) changed[at++] = static_cast<std::uint8_t>(byte);
        return changed;
    };
    CHECK_FALSE(refusal(good));
    CHECK(refusal(with(20, {0})) == errc::jet3);
    CHECK(refusal(with(20, {2})) == errc::ace);
    CHECK(refusal(with(13, {'A', 'C', 'E'})) == errc::ace);
    CHECK(refusal(with(20, {77})) == errc::unknown_format);
    CHECK(refusal(with(4, {'M', 'S', 'I', 'S', 'A', 'M'})) == errc::not_a_database);
    CHECK(refusal(with(62, {0, 0, 0, 0})) == errc::encrypted);
    CHECK(refusal(with(0, {1})) == errc::not_a_database);
    CHECK(refusal({}) == errc::not_a_database);
    CHECK(refusal(Octets(65)) == errc::not_a_database);
    CHECK(refusal({good.begin(), good.begin() + 66}) == errc::truncated);
    CHECK(Error{errc::encrypted, 0, 62}.text() == "the database is encrypted and cannot be read (page 0, offset 62)");
}
