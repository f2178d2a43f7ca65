#include "agent/cli/text.hpp"

#include "agent/cli/bars.hpp"
#include "agent/cli/table.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <sstream>

using namespace imc::cli;

namespace {

constexpr std::int64_t day = 86'400;

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("Columns count what a terminal shows") {
    CHECK(columns("") == 0);
    CHECK(columns("C_VOL") == 5);
    CHECK(columns("\xC3\x9C_VOL") == 5);
    CHECK(columns("e\xCC\x81") == 1);                 // a combining accent
    CHECK(columns("\xE6\x97\xA5\xE6\x9C\xAC") == 4);  // two wide characters
    CHECK(columns("\xFF\xFE") == 2);                  // bytes that are no text
}

TEST_CASE("Nothing in a name moves the cursor") {
    const std::string mark = "\xEF\xBF\xBD";
    CHECK(visible("plain \xC3\xA9") == "plain \xC3\xA9");
    CHECK(visible("a\x1B[2Jb") == "a" + mark + "[2Jb");
    CHECK(visible("a\r\n\tb\x7F") == "a" + mark + mark + mark + "b" + mark);
    CHECK(visible("\xC2\x9B") == mark);                              // the one-byte escape of old terminals
    CHECK(visible("txt.\xE2\x80\xAEips") == "txt." + mark + "ips");  // right to left
    CHECK(visible("\xFF") == mark);
    CHECK(visible("\xC0\xAF") == mark + mark);
}

TEST_CASE("A text is cut to a width from either side") {
    CHECK(fit("/srv/backups/Acme/SRV1", 40) == "/srv/backups/Acme/SRV1");
    CHECK(fit("/srv/backups/Acme/SRV1", 12) == "/srv/backu..");
    CHECK(fit("/srv/backups/Acme/SRV1", 12, Cut::begin) == "../Acme/SRV1");
    CHECK(fit("abc", 2) == "..");
    CHECK(fit("abc", 0).empty());
    CHECK(columns(fit("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 5)) <= 5);
    CHECK(columns(fit("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 5, Cut::begin)) <= 5);
}

TEST_CASE("Any text is made harmless and fits any width") {
    std::mt19937 random(5);
    for (int round = 0; round < 3000; ++round) {
        std::string text(random() % 40, ' ');
        for (char& c : text) c = static_cast<char>(random() % 256);
        const std::string clean = visible(text);
        CHECK(visible(clean) == clean);
        CHECK(clean.find('\x1B') == std::string::npos);
        const std::size_t width = random() % 30;
        REQUIRE(columns(fit(clean, width)) <= width);
        REQUIRE(columns(fit(clean, width, Cut::begin)) <= width);
        for (const auto& line : lines_of(paragraph(clean, {30, false}, 4))) REQUIRE(columns(line) <= 30);
    }
}

TEST_CASE("A paragraph breaks between words, and within those that are too long") {
    CHECK(paragraph("one two three", {12, false}, 2) == "  one two\n  three\n");
    CHECK(paragraph(std::string(25, 'x'), {14, false}, 4) == "    xxxxxxxxxx\n    xxxxxxxxxx\n    xxxxx\n");
    CHECK(paragraph("", {20, false}, 2).empty());
}

TEST_CASE("Without colour there is no escape code") {
    CHECK(Style{100, false}.paint("x", Tone::bad) == "x");
    CHECK(Style{100, true}.paint("x", Tone::bad) == "\x1b[1;31mx\x1b[0m");
    CHECK(Style{100, true}.paint("x", Tone::plain) == "x");
}

TEST_CASE("A table leaves out what matters least, then cuts what may be cut") {
    const std::vector<Column> columns = {
        {"name", false, 6, 0, Cut::begin}, {"size", true, 0, 2, Cut::end}, {"note", false, 0, 1, Cut::end}};
    const std::vector<Row> rows = {{{"/srv/a/long/path"}, {"12 GB"}, {"well"}}, {{"/x"}, {"1 B"}}};
    CHECK(table(columns, rows, {40, false}, 0) ==
          "name               size  note\n"
          "/srv/a/long/path  12 GB  well\n"
          "/x                  1 B\n");
    CHECK(table(columns, rows, {21, false}, 0) ==
          "name       size  note\n"
          "..g/path  12 GB  well\n"
          "/x          1 B\n");
    CHECK(table(columns, rows, {16, false}, 2) ==
          "  name      note\n"
          "  ..g/path  well\n"
          "  /x\n");
    CHECK(table(columns, {}, {40, false}, 0) == "\n");
}

TEST_CASE("The bar of an age fills up with the grace and shouts past it") {
    CHECK(age_bar(0, 3).text == "[..........]");
    CHECK(age_bar(1, 3).text == "[#.........]");
    CHECK(age_bar(3 * day / 2, 3).text == "[#####.....]");
    CHECK(age_bar(3 * day, 3).text == "[##########]");
    CHECK(age_bar(3 * day, 3).tone == Tone::warn);
    CHECK(age_bar(3 * day + 1, 3).text == "[!!!!!!!!!!]");
    CHECK(age_bar(3 * day + 1, 3).tone == Tone::bad);
    CHECK(age_bar(400 * day, 0).text.empty());  // never stale
    CHECK(age_bar(std::nullopt, 3).text == "[??????????]");
}

TEST_CASE("The bar of a disk is full only when it is") {
    CHECK(used_bar(0, 100).text == "[..........]");
    CHECK(used_bar(1, 100).text == "[#.........]");
    CHECK(used_bar(90, 100).text == "[#########.]");
    CHECK(used_bar(100, 100).text == "[##########]");
    CHECK(used_bar(200, 100).text == "[##########]");
    CHECK(used_bar(0, 0).text.empty());
    CHECK(used_bar(91, 100).tone == Tone::warn);
    CHECK(used_bar(96, 100).tone == Tone::bad);
}
