#include "tests/support/jet_samples.hpp"

#include <limits>

namespace support {

using imc::jet::Binary;
using imc::jet::ColumnType;
using imc::jet::Currency;
using imc::jet::DateTime;
using imc::jet::Guid;
using imc::jet::Numeric;
using imc::jet::Value;

namespace {

using Kind = JetRow::Kind;
using Place = JetRow::Place;

constexpr std::monostate null;

JetTable every_type() {
    JetTable table{"Every Type",
                   {{"Flag", ColumnType::yes_no},
                    {"Small", ColumnType::byte},
                    {"Short", ColumnType::integer},
                    {"Long", ColumnType::long_int},
                    {"Money", ColumnType::currency},
                    {"Single", ColumnType::single},
                    {"Double", ColumnType::double_float},
                    {"When", ColumnType::date_time},
                    {"Bytes", ColumnType::binary},
                    {"Text", ColumnType::text},
                    {"Wide", ColumnType::text, false},
                    {"Object", ColumnType::ole},
                    {"Memo", ColumnType::memo},
                    {"Key", ColumnType::guid},
                    {"Exact", ColumnType::numeric, true, 4}},
                   {},
                   false};
    const auto add = [&table](std::vector<Value> values, Kind kind = Kind::plain, Place place = Place::here) {
        table.rows.push_back({std::move(values), kind, place});
    };
    Guid key;
    for (std::size_t i = 0; i < key.bytes.size(); ++i) key.bytes[i] = static_cast<std::uint8_t>(0x10 + i * 11);
    const Numeric exact{{0, 0, 0x12, 0x34567890}, true, 4};
    const std::string greek = "\xCE\xB1\xCE\xB2 and \xE2\x82\xAC";
    const std::string long_text(5000, 'x');
    add({true, std::int64_t{255}, std::int64_t{-32768}, std::int64_t{-2147483647 - 1}, Currency{-123456789}, 1.5F, 0.1,
         DateTime{46184.916666666664}, Binary{1, 2, 0, 255}, std::string("plain"), std::string("wide"), Binary{9, 8, 7},
         std::string("short memo"), key, exact});
    add({false, null, null, null, null, null, null, null, null, null, null, null, null, null, null});
    add({true, std::int64_t{0}, std::int64_t{32767}, std::int64_t{2147483647}, Currency{std::numeric_limits<std::int64_t>::max()}, -2.25F,
         1e300, DateTime{1.0}, Binary{42}, greek, greek, Binary(3000, 7), long_text.substr(0, 900), key, Numeric{{1, 2, 3, 4}, false, 4}},
        Kind::plain, Place::row);
    add({false, std::int64_t{7}, std::int64_t{0}, std::int64_t{0}, Currency{0}, 0.0F, 0.0, DateTime{0.75}, Binary{5},
         std::string("quote \" and, comma"), std::string("\xC3\xA9t\xC3\xA9"), Binary(9000, 3), long_text + greek + long_text, key,
         Numeric{}},
        Kind::plain, Place::rows);
    add({true, std::int64_t{1}, null, null, null, null, null, null, null, std::string("deleted"), null, null, null, null, null},
        Kind::deleted);
    add({true, std::int64_t{2}, std::int64_t{-1}, null, null, null, null, DateTime{36526.5}, null, std::string("moved"), null, null,
         std::string("m"), null, null},
        Kind::moved);
    add({true, std::int64_t{3}, std::int64_t{3}, std::int64_t{33}});  // written before the others were added
    return table;
}

}  // namespace

std::vector<JetTable> every_form() {
    JetTable numbers{"Numbers", {{"A", ColumnType::long_int}, {"B", ColumnType::yes_no}}, {}, true};
    for (std::int64_t i = 0; i < 700; ++i) numbers.rows.push_back({{i * i, i % 3 == 0}, i % 7 == 3 ? Kind::deleted : Kind::plain});
    JetTable many{"Many Columns", {}, {}, false};
    JetRow row;
    for (int i = 0; i < 200; ++i) {
        many.columns.push_back(
            {"A column with a rather long name number " + std::to_string(i), i % 2 == 0 ? ColumnType::long_int : ColumnType::text});
        row.values.push_back(i % 2 == 0 ? Value(std::int64_t{i}) : i % 5 == 0 ? Value(null) : Value("v" + std::to_string(i)));
    }
    many.rows = {row, row};
    const JetTable empty{"Empty", {{"Nothing", ColumnType::text}}, {}, false};
    return {every_type(), std::move(numbers), std::move(many), empty};
}

std::vector<JetTable> large_server(std::size_t folders, std::size_t files) {
    const DateTime when{46184.916666666664};
    JetTable watched{"WatchPaths", {{"Index", ColumnType::long_int}, {"Path", ColumnType::text}}, {}, false};
    std::vector<JetTable> tables;
    for (std::size_t i = 1; i <= folders; ++i) {
        const std::string number = std::to_string(i);
        watched.rows.push_back({{static_cast<std::int64_t>(i), "D:\\Backups\\Acme\\SRV" + number}});
        JetTable sets{"w" + number + "Sets",
                      {{"Id", ColumnType::long_int},
                       {"Machine", ColumnType::text},
                       {"BaseName", ColumnType::text},
                       {"SetGuid", ColumnType::text},
                       {"Images", ColumnType::long_int},
                       {"LatestCreateTime", ColumnType::date_time},
                       {"SyncTime", ColumnType::date_time}},
                      {},
                      false};
        JetTable images{"w" + number + "Files",
                        {{"Name", ColumnType::text},
                         {"ImageType", ColumnType::long_int},
                         {"FileSize", ColumnType::double_float},
                         {"CreateTime", ColumnType::date_time},
                         {"LastVerified", ColumnType::date_time},
                         {"VerifyStatus", ColumnType::long_int},
                         {"VerifyFailed", ColumnType::yes_no},
                         {"SetGuid", ColumnType::text}},
                        {},
                        false};
        const std::string guid = "{694A6C72-21D0-4A98-B7B8-79F553E460CC}";
        for (const char letter : {'C', 'D'}) {
            const std::string base = std::string(1, letter) + "_VOL-b001";
            sets.rows.push_back(
                {{std::int64_t{letter}, "SRV" + number, base, guid, static_cast<std::int64_t>(files / folders / 2), when, when}});
            for (std::size_t k = 0; k < files / folders / 2; ++k) {
                images.rows.push_back({{base + "-i" + std::to_string(k) + ".spi", std::int64_t{2}, 1e9 + static_cast<double>(k), when, when,
                                        std::int64_t{1}, false, guid}});
            }
        }
        tables.push_back(std::move(sets));
        tables.push_back(std::move(images));
    }
    tables.push_back(std::move(watched));
    return tables;
}

}  // namespace support
