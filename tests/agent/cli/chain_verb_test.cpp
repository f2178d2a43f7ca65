#include "tests/agent/cli/run.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using imc::test::has;
using imc::test::Outcome;
using imc::test::run;
using imc::test::Temporary;
using imc::test::write;
using nlohmann::json;

namespace {

notation::Chain some() {
    return notation::chain("md5 day=4 b1 i21..i24 cd@12 cd@20 cd@24");
}

Outcome chain(const Temporary& home, std::vector<std::string> more) {
    std::vector<std::string> words = {"chain", home.path("SRV1")};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
}

}  // namespace

TEST_CASE("A chain of a directory is drawn without an agent") {
    const Temporary home;
    write(home, "SRV1", some());
    const auto text = chain(home, {});
    CHECK(text.code == 0);
    CHECK(has(text.out, "C_VOL b001\n"));
    for (const char* lane : {"\nfull  ", "\nday   ", "\ninc   ", "\npoints"}) CHECK(has(text.out, lane));
    CHECK(has(text.out, "Restore set\n"));
    CHECK(has(text.out, "C_VOL-b001-i024-cd.spi"));
    CHECK(chain(home, {"--text"}).out == text.out);
    const auto earlier = chain(home, {"--point", "b001-i022"});
    CHECK(earlier.code == 0);
    CHECK(has(earlier.out, "b001-i022 ^"));
    CHECK(has(earlier.out, "C_VOL-b001-i022.spi"));
}

TEST_CASE("A restore set is a graph for Graphviz") {
    const Temporary home;
    write(home, "SRV1", some());
    const auto dot = chain(home, {"--dot", "--point", "b001-i021"});
    CHECK(dot.code == 0);
    CHECK(has(dot.out, "digraph \"C_VOL b001-i021\" {\n"));
    CHECK(has(dot.out, "    start -> \"b001\" [label=\"C_VOL-b001.spf\", tooltip=\"1 MB\"];\n"));
    CHECK(has(dot.out, "    \"b001\" -> \"b001-i012\" [label=\"C_VOL-b001-i012-cd.spi\", tooltip=\"3 KB\", style=dashed];\n"));
    CHECK(has(dot.out, "    \"b001-i020\" -> \"b001-i021\" [label=\"C_VOL-b001-i021.spi\", tooltip=\"1 KB\"];\n}\n"));
}

TEST_CASE("A volume is one document of the shape that scan has, with the picture of each chain") {
    const Temporary home;
    write(home, "SRV1", some());
    auto alone = json::parse(chain(home, {"--json", "--now", "2024-10-08T00:00:00Z"}).out);
    const auto scanned = json::parse(run({"scan", home.path("SRV1"), "--json", "--now", "2024-10-08T00:00:00Z"}).out);
    for (auto& one : alone["chains"]) {
        CHECK(one["picture"]["bars"]["head"].size() == one["images"].size());
        CHECK(one["picture"]["points"].size() == one["points"].size());
        one.erase("picture");
    }
    CHECK(alone == scanned["volumes"].at(0));
}

TEST_CASE("A chain is a picture of the wished width and kind") {
    const Temporary home;
    write(home, "SRV1", some());
    const auto svg = chain(home, {"--svg"});
    CHECK(svg.code == 0);
    CHECK(svg.out.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\""));
    CHECK(svg.out.ends_with("</svg>\n"));
    CHECK(chain(home, {"--svg", "--width", "360", "--theme", "dark", "--axis", "time", "--blast-radius"}).out.find("width=\"360\"") < 60);
    CHECK(has(chain(home, {"--blast-radius"}).out, "\nblast "));
    CHECK(chain(home, {"--unicode"}).out != chain(home, {"--plain"}).out);
    CHECK(chain(home, {"--plain"}).out == chain(home, {}).out);
    for (const std::vector<std::string>& words : {std::vector<std::string>{"--svg", "--text"},
                                                  {"--width", "5"},
                                                  {"--axis", "size"},
                                                  {"--theme", "red"},
                                                  {"--plain", "--unicode"}}) {
        const auto told = chain(home, words);
        CHECK(told.code == 64);
        CHECK(told.out.empty());
    }
}

TEST_CASE("Several volumes are all drawn for people, and want to be told apart by programs") {
    const Temporary home;
    write(home, "SRV1", some());
    write(home, "SRV1", some(), "D_VOL");
    const auto all = chain(home, {});
    CHECK(all.code == 0);
    CHECK(has(all.err, "C_VOL, D_VOL"));
    CHECK(all.out.find("C_VOL b001\n") < all.out.find("D_VOL b001\n"));
    for (const char* form : {"--json", "--dot", "--svg"}) {
        const auto told = chain(home, {form});
        CHECK(told.code == 64);
        CHECK(told.out.empty());
        CHECK(has(told.err, "D_VOL"));
        CHECK(chain(home, {form, "--volume", "d_vol"}).code == 0);
    }
    CHECK(has(chain(home, {"--volume", "D_VOL"}).out, "D_VOL b001"));
    const auto none = chain(home, {"--volume", "E_VOL"});
    CHECK(none.code == 64);
    CHECK(has(none.err, "C_VOL"));
}

TEST_CASE("What is not there is told with what is") {
    const Temporary home;
    write(home, "SRV1", some());
    home.directory("empty");
    const auto base = chain(home, {"--base", "7"});
    CHECK(base.code == 1);
    CHECK(has(base.err, "it has b001"));
    const auto point = chain(home, {"--point", "b001-i999"});
    CHECK(point.code == 1);
    CHECK(has(point.err, "the newest is b001-i024"));
    CHECK(run({"chain", home.path("empty")}).code == 1);
    CHECK(run({"chain", home.path("nothing")}).code == 1);
}

TEST_CASE("The files of a restore set come one a line, as paths, and nothing else") {
    const Temporary home;
    write(home, "SRV1", some());
    const auto told = run({"restore-set", home.path("SRV1"), "b001-i021"});
    CHECK(told.code == 0);
    CHECK(told.out == home.path("SRV1/C_VOL-b001.spf") + "\n" + home.path("SRV1/C_VOL-b001-i012-cd.spi") + "\n" +
                          home.path("SRV1/C_VOL-b001-i020-cd.spi") + "\n" + home.path("SRV1/C_VOL-b001-i021.spi") + "\n");
    CHECK(has(told.err, "4 files"));
    const auto document = json::parse(run({"restore-set", home.path("SRV1"), "b001-i021", "--json"}).out);
    CHECK(document["files"].size() == 4);
    CHECK(document["point"] == "b001-i021");
    CHECK(run({"restore-set", home.path("SRV1"), "b001-i777"}).code == 1);
}

TEST_CASE("A broken point has no restore set, and says so") {
    const Temporary home;
    write(home, "SRV1", notation::chain("md5 b1 i1..i9 !i4"));
    const auto told = run({"restore-set", home.path("SRV1"), "b001-i006"});
    CHECK(told.code == 1);
    CHECK(told.out.empty());
    CHECK(has(told.err, "broken"));
    CHECK(chain(home, {"--dot", "--point", "b001-i006"}).code == 1);
    const auto text = chain(home, {});
    CHECK(text.code == 0);
    CHECK(has(text.out, "x orphan"));
    CHECK(has(text.out, "broken"));
}
