#include "tests/support/jet_reading.hpp"
#include "tests/support/jet_samples.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>

using namespace imc::jet;

namespace {

using Octets = std::vector<std::uint8_t>;

std::vector<std::pair<std::string, Octets>> databases() {
    std::vector<std::pair<std::string, Octets>> all = {{"every form", support::jet_database(support::every_form())}};
    for (const char* name : {"imagemanager-small.mdb", "imagemanager-sparse.mdb", "imagemanager-unicode.mdb"}) {
        std::ifstream file(std::string(IMC_GOLDEN) + "/imagemanager-mdb/" + name, std::ios::binary);
        all.emplace_back(name, Octets{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
    }
    return all;
}

// Where a table of one column and one row of the writer keeps things: its definition, data, and map follow page 2.
struct Small {
    Octets bytes;
    std::size_t row_page = 0;

    static Small with(ColumnType type, Value value, support::JetRow::Kind kind, support::JetRow::Place place) {
        support::JetTable table{"T", {{"V", type}}, {}, false};
        table.rows.push_back({{std::move(value)}, kind, place});
        Small small{support::jet_database({table})};
        for (std::size_t page = 3; page * page_size < small.bytes.size(); ++page) {
            const auto* at = small.bytes.data() + page * page_size;
            if (at[0] == 1 && at[4] == 3 && at[5] == 0) small.row_page = page;
        }
        REQUIRE(small.row_page > 0);
        return small;
    }
    [[nodiscard]] std::uint8_t& at(std::size_t page, std::size_t offset) { return bytes[page * page_size + offset]; }
    [[nodiscard]] std::size_t row_begin() { return static_cast<std::size_t>(at(row_page, 14) | (at(row_page, 15) & 0x1F) << 8); }
    [[nodiscard]] errc refusal() const {
        const auto reading = support::read_all(bytes);
        CHECK(reading.breaches.empty());
        REQUIRE(reading.error);
        return reading.error->code;
    }
};

}  // namespace

TEST_CASE("a database that is cut off gives an error or, where only unused bytes are lost, the same rows") {
    for (const auto& [name, whole] : databases()) {
        const auto intact = support::read_all(whole);
        REQUIRE_FALSE(intact.error);
        std::size_t errors = 0, lengths = 0;
        const auto check = [&, &bytes = whole](std::size_t length) {
            const auto cut = support::read_all(std::span(bytes).first(length));
            INFO(length);
            REQUIRE(cut.breaches.empty());
            if (!cut.error) REQUIRE(cut.all == intact.all);
            ++lengths;
            if (cut.error) ++errors;
        };
        INFO(name);
        for (std::size_t length = 0; length < whole.size(); length += length < 70 ? 1 : 509) check(length);
        for (std::size_t length = page_size; length <= whole.size(); length += page_size) check(length);
        CHECK(errors * 10 > lengths * 7);
    }
}

TEST_CASE("flipped bits give rows or an error, never more than the file holds") {
    std::mt19937 random(20261121);
    for (const auto& [name, whole] : databases()) {
        INFO(name);
        Octets bytes = whole;
        // Most of a page is empty or text; what steers the reader stands at the beginnings and ends of pages.
        std::uniform_int_distribution<std::size_t> page(0, whole.size() / page_size - 1), near(0, 160), anywhere(0, page_size - 1);
        std::size_t errors = 0;
        for (int round = 0; round < 1500; ++round) {
            std::vector<std::pair<std::size_t, std::uint8_t>> before;
            for (int flips = 1 + round % 4; flips > 0; --flips) {
                const std::size_t offset = round % 3 == 0 ? near(random) : round % 3 == 1 ? page_size - 1 - near(random) : anywhere(random);
                const std::size_t at = page(random) * page_size + offset;
                before.emplace_back(at, bytes[at]);
                bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ 1U << random() % 8);
            }
            const auto reading = support::read_all(bytes);
            INFO(round);
            REQUIRE(reading.breaches.empty());
            if (reading.error) ++errors;
            for (auto i = before.rbegin(); i != before.rend(); ++i) bytes[i->first] = i->second;
        }
        CHECK(errors > 20);
        CHECK(bytes == whole);
    }
}

TEST_CASE("a moved row that points to itself, or out of the file, is an error") {
    auto small = Small::with(ColumnType::long_int, std::int64_t{7}, support::JetRow::Kind::moved, support::JetRow::Place::here);
    const std::size_t begin = small.row_begin();
    REQUIRE((small.at(small.row_page, 15) & 0x40) != 0);
    small.at(small.row_page, begin) = 0;
    small.at(small.row_page, begin + 1) = static_cast<std::uint8_t>(small.row_page);
    CHECK(small.refusal() == errc::endless);
    small.at(small.row_page, begin + 3) = 0x7F;
    CHECK(small.refusal() == errc::truncated);
    small.at(small.row_page, begin + 3) = 0;
    small.at(small.row_page, begin + 1) = 3;
    CHECK(small.refusal() == errc::wrong_page);
}

TEST_CASE("a chain of long values that leads round, or claims more than the file has, is an error") {
    auto small = Small::with(ColumnType::ole, Binary(9'000, 5), support::JetRow::Kind::plain, support::JetRow::Place::rows);
    const std::size_t field = small.row_begin() + 2;
    const std::size_t chain = static_cast<std::size_t>(small.at(small.row_page, field + 5));
    const std::size_t link = static_cast<std::size_t>(small.at(chain, 14) | (small.at(chain, 15) & 0x1F) << 8);
    const Octets good = small.bytes;
    small.at(small.row_page, field + 2) = 0xFF;
    CHECK(small.refusal() == errc::endless);
    small.bytes = good;
    small.at(chain, link + 1) = 0;
    CHECK(small.refusal() == errc::wrong_page);
    small.bytes = good;
    small.at(small.row_page, field + 2) = 1;
    small.at(chain, link + 1) = static_cast<std::uint8_t>(chain);
    CHECK(small.refusal() == errc::endless);
}

TEST_CASE("a definition that leads round is an error") {
    auto small = Small::with(ColumnType::long_int, std::int64_t{7}, support::JetRow::Kind::plain, support::JetRow::Place::here);
    small.at(3, 4) = 3;
    CHECK(small.refusal() == errc::endless);
    small.at(3, 4) = 0;
    small.at(3, 46) = 2;
    CHECK(small.refusal() == errc::bad_definition);
}

TEST_CASE("columns cannot share the bytes of a row over and over") {
    support::JetTable table{"T", {}, {}, false};
    support::JetRow row;
    for (int i = 0; i < 200; ++i) {
        table.columns.push_back({"c" + std::to_string(i), ColumnType::text, false});
        row.values.emplace_back(i == 0 ? std::string(1000, 'x') : std::string("y"));
    }
    table.rows = {row};
    Octets bytes = support::jet_database({table});
    REQUIRE_FALSE(support::read_all(bytes).error);
    for (std::size_t i = 0; i < 120; ++i) bytes[3 * page_size + 63 + 25 * i + 7] = bytes[3 * page_size + 63 + 25 * i + 8] = 0;
    const auto reading = support::read_all(bytes);
    REQUIRE(reading.error);
    CHECK(reading.error->code == errc::bad_offset);
    CHECK(reading.breaches.empty());
}
