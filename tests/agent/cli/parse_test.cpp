#include "agent/cli/parse.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <streambuf>
#include <string>
#include <vector>

using imc::cli::longest_name;
using imc::cli::parse_names;
using Json = nlohmann::ordered_json;

namespace {

std::string run(const std::string& input, bool json) {
    std::istringstream in(input);
    std::ostringstream out;
    REQUIRE(parse_names(in, out, json) == 0);
    return out.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::vector<std::string> keys_of(const Json& object) {
    std::vector<std::string> keys;
    for (const auto& item : object.items()) keys.push_back(item.key());
    return keys;
}

const std::string replacement = "\xEF\xBF\xBD";

}  // namespace

TEST_CASE("Each name becomes one JSON line with the keys that apply, in their fixed order") {
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"C_VOL-b001.spf", R"({"name":"C_VOL-b001.spf","type":"image","volume":"C_VOL","base":1,"kind":"full","stem":"C_VOL-b001"})"},
        {"C_VOL-b001-d002-i003-Cd-CW.sp0",
         R"({"name":"C_VOL-b001-d002-i003-Cd-CW.sp0","type":"image","volume":"C_VOL","base":1,"differential":2,"incremental":3,)"
         R"("kind":"weekly","consolidations":["cd","cw"],"span":0,"stem":"C_VOL-b001-d002-i003-Cd-CW"})"},
        {"C_VOL-b001-d002-i000.spi",
         R"({"name":"C_VOL-b001-d002-i000.spi","type":"image","volume":"C_VOL","base":1,"differential":2,"kind":"differential",)"
         R"("stem":"C_VOL-b001-d002-i000"})"},
        {"D_VOL-b001-i4294967294-cx.spi",
         R"({"name":"D_VOL-b001-i4294967294-cx.spi","type":"image","volume":"D_VOL","base":1,"incremental":4294967294,)"
         R"("kind":"consolidated","consolidations":["cx"],"stem":"D_VOL-b001-i4294967294-cx"})"},
        {"INCOMPLETE.SPF", R"({"name":"INCOMPLETE.SPF","type":"image","kind":"full","stem":"INCOMPLETE"})"},
        {"C_VOL-b001-i003-cd.spi.md5",
         R"({"name":"C_VOL-b001-i003-cd.spi.md5","type":"companion","volume":"C_VOL","base":1,"incremental":3,"consolidations":["cd"],)"
         R"("companion":"md5","stem":"C_VOL-b001-i003-cd"})"},
        {"key.spk", R"({"name":"key.spk","type":"companion","companion":"spk","stem":"key"})"},
        {"C_VOL-b001bad.log",
         R"({"name":"C_VOL-b001bad.log","type":"companion","volume":"C_VOL","base":1,"companion":"badlog","stem":"C_VOL-b001"})"},
        {"readme.txt", R"({"name":"readme.txt","type":"foreign"})"},
        {"", R"({"name":"","type":"foreign"})"},
        {R"(\\nas\M\C_VOL-b001.spf)",
         R"({"name":"\\\\nas\\M\\C_VOL-b001.spf","type":"image","volume":"C_VOL","base":1,"kind":"full","stem":"C_VOL-b001"})"},
        {"a\"\t-b001.spf",
         R"({"name":"a\"\u0009-b001.spf","type":"image","volume":"a\"\u0009","base":1,"kind":"full","stem":"a\"\u0009-b001"})"},
    };
    std::string input;
    for (const auto& row : rows) input += row.first + "\n";
    const std::vector<std::string> lines = lines_of(run(input, true));
    REQUIRE(lines.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(lines[i] == rows[i].second);
}

TEST_CASE("Line ends, a missing last one and a byte order mark are no part of a name") {
    CHECK(run("", true).empty());
    CHECK(run("a", true) == "{\"name\":\"a\",\"type\":\"foreign\"}\n");
    CHECK(run("a\r\nb\r", true) == "{\"name\":\"a\",\"type\":\"foreign\"}\n{\"name\":\"b\",\"type\":\"foreign\"}\n");
    CHECK(run("\n\n", true) == "{\"name\":\"\",\"type\":\"foreign\"}\n{\"name\":\"\",\"type\":\"foreign\"}\n");
    CHECK(Json::parse(run("\xEF\xBB\xBF"
                          "C_VOL-b001.spf\n",
                          true))["volume"] == "C_VOL");
    CHECK(Json::parse(lines_of(run("x\n\xEF\xBB\xBF"
                                   "C-b001.spf\n",
                                   true))
                          .at(1))["volume"] ==
          "\xEF\xBB\xBF"
          "C");
}

TEST_CASE("Invalid UTF-8 is replaced, valid UTF-8 is kept") {
    const auto name_of = [](const std::string& name) { return Json::parse(run(name + "\n", true)).at("name").get<std::string>(); };
    for (const std::string good :
         {"\xC3\xA9", "\xE2\x82\xAC", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x9F\x92\xBE", "\xF4\x8F\xBF\xBF", "\x7F"}) {
        CHECK(name_of("a" + good + "b") == "a" + good + "b");
    }
    CHECK(name_of("a\xFF"
                  "b") == "a" + replacement + "b");
    CHECK(name_of("a\x80"
                  "b") == "a" + replacement + "b");
    CHECK(name_of("a\xC3") == "a" + replacement);
    CHECK(name_of("\xE2\x82") == replacement);
    CHECK(name_of("\xE2\x82"
                  "b") == replacement + "b");
    CHECK(name_of("\xC0\xAF") == replacement + replacement);  // overlong
    CHECK(name_of("\xE0\x80\x80") == replacement + replacement + replacement);
    CHECK(name_of("\xED\xA0\x80") == replacement + replacement + replacement);  // a surrogate
    CHECK(name_of("\xF4\x90\x80\x80") == replacement + replacement + replacement + replacement);
    CHECK(name_of(std::string("a\0b", 3)) == std::string("a\0b", 3));
    CHECK(Json::parse(run("\xFF-b001.spf\n", true)).at("volume") == replacement);
}

TEST_CASE("A line that is too long is foreign, cut off, and does not disturb its neighbours") {
    const std::string fits = std::string(longest_name - 9, 'x') + "-b001.spf";
    const std::string over = "x" + fits;
    const std::string far_over = std::string(5 * longest_name, 'y') + "-b001.spf";
    const auto lines = lines_of(run(fits + "\r\n" + over + "\n" + far_over + "\n" + "C_VOL-b001.spf\n" + far_over, true));
    REQUIRE(lines.size() == 5);
    CHECK(Json::parse(lines[0]).at("type") == "image");
    CHECK(Json::parse(lines[0]).at("name") == fits);
    for (const std::size_t i : {1U, 2U, 4U}) {
        const Json cut = Json::parse(lines[i]);
        CHECK(keys_of(cut) == std::vector<std::string>{"name", "type"});
        CHECK(cut.at("type") == "foreign");
        CHECK(cut.at("name").get<std::string>() == (i == 1 ? over : far_over).substr(0, longest_name));
    }
    CHECK(Json::parse(lines[3]).at("volume") == "C_VOL");
}

TEST_CASE("A long line is cut between characters") {
    for (std::size_t shift = 0; shift < 4; ++shift) {
        std::string line(longest_name - shift, 'x');
        for (int i = 0; i < 8; ++i) line += "\xF0\x9F\x92\xBE";
        const auto name = Json::parse(run(line, true)).at("name").get<std::string>();
        CHECK(name == std::string(longest_name - shift, 'x'));
    }
    const std::string broken = std::string(longest_name - 2, 'x') + "\x80\x80\x80\x80";
    CHECK(Json::parse(run(broken, true)).at("name").get<std::string>().size() == longest_name - 2 + 2 * replacement.size());
}

TEST_CASE("The longest byte order mark, name and line end still fit") {
    const std::string fits = std::string(longest_name - 9, 'x') + "-b001.spf";
    CHECK(Json::parse(run("\xEF\xBB\xBF" + fits + "\r\n", true)).at("type") == "image");
    CHECK(Json::parse(run("\xEF\xBB\xBF"
                          "x" +
                              fits + "\r\n",
                          true))
              .at("type") == "foreign");
}

TEST_CASE("Any bytes give as many valid JSON lines as there are lines") {
    std::mt19937 random(9);
    std::uniform_int_distribution<int> byte(0, 255);
    std::string input;
    for (int i = 0; i < 200'000; ++i) input += static_cast<char>(byte(random));
    for (int i = 0; i < 2'000; ++i) input[static_cast<std::size_t>(byte(random) * 700 + i % 700)] = '\n';
    input += '\n';
    const auto expected = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n'));
    const auto lines = lines_of(run(input, true));
    CHECK(lines.size() == expected);
    for (const std::string& line : lines) REQUIRE(Json::accept(line));
}

TEST_CASE("The published names are all told") {
    std::ifstream file(IMC_GOLDEN "/filenames.txt");
    REQUIRE(file);
    std::ostringstream out;
    REQUIRE(parse_names(file, out, true) == 0);
    std::size_t images = 0;
    for (const std::string& line : lines_of(out.str())) images += Json::parse(line).at("type") == "image" ? 1U : 0U;
    CHECK(images == 21);
}

TEST_CASE("Without JSON the columns are aligned and nothing moves the cursor") {
    const std::string text =
        run("D_VOL-b001-i026-cw.spi\nC_VOL-b001.md5\nreadme.txt\n\xC3\x9C_VOL-b002.spf\nx\x1B[2J\xC2\x9B\xFF.txt\n", false);
    const auto lines = lines_of(text);
    REQUIRE(lines.size() == 5);
    CHECK(lines[0] == "image      weekly        b001-i026       D_VOL         D_VOL-b001-i026-cw.spi");
    CHECK(lines[1] == "companion  md5           b001            C_VOL         C_VOL-b001.md5");
    CHECK(lines[2] == "foreign    -             -               -             readme.txt");
    CHECK(lines[3] == "image      full          b002            \xC3\x9C_VOL         \xC3\x9C_VOL-b002.spf");
    CHECK(lines[4] ==
          "foreign    -             -               -             x" + replacement + "[2J" + replacement + replacement + ".txt");
    CHECK(run(std::string(longest_name + 1, 'x'), false).ends_with("xxx...\n"));
}

TEST_CASE("What was asked is answered before more is read") {
    // Hands out one line at a time and looks at what has been answered when the next one is wanted.
    struct Conversation : std::streambuf {
        explicit Conversation(std::ostringstream& answers) : out(answers) {}
        int_type underflow() override {
            answered.push_back(lines_of(out.str()).size());
            if (answered.size() > 3) return traits_type::eof();
            setg(line.data(), line.data(), line.data() + line.size());
            return traits_type::to_int_type(line.front());
        }
        std::ostringstream& out;
        std::string line = "C_VOL-b001.spf\n";
        std::vector<std::size_t> answered;
    };
    std::ostringstream out;
    Conversation conversation(out);
    std::istream in(&conversation);
    CHECK(parse_names(in, out, true) == 0);
    REQUIRE(conversation.answered.size() >= 4);
    CHECK(std::vector<std::size_t>(conversation.answered.begin(), conversation.answered.begin() + 4) ==
          std::vector<std::size_t>{0, 1, 2, 3});
}

TEST_CASE("Output that cannot be written and input that cannot be read are failures") {
    std::istringstream in("a\nb\n");
    std::ostringstream full;
    full.setstate(std::ios::badbit);
    CHECK(parse_names(in, full, true) == 1);
    std::ifstream missing("/nonexistent/names");
    std::ostringstream out;
    CHECK(parse_names(missing, out, true) == 1);
    CHECK(out.str().empty());
}
