#include "agent/api/views.hpp"
#include "agent/api/views_picture.hpp"
#include "agent/cli/chain_text.hpp"
#include "tests/support/chain_notation.hpp"
#include "tests/support/drawn_chains.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace imc::cli;

namespace {

ChainView view_of(const spchain::FolderReport& report, const std::vector<spchain::Entry>& entries, const std::string& point) {
    imc::api::RestoreSets sets;
    sets.listed = false;
    const auto& volume = report.volumes.at(0);
    const auto json = imc::api::pictured_volume_json(volume, entries, report.memory, {}, sets);
    ChainView view = read_chain(json["chains"].back(), volume.name);
    if (!point.empty()) REQUIRE(choose(view, spchain::parse_point(point).value().second));
    if (view.chosen >= 0) {
        std::vector<std::string> names;
        const auto& chain = volume.chains.back();
        for (const auto image : chain.restore_set(view.chosen_point().point)) names.push_back(entries[chain.images[image].entry].name);
        take_restore_set(view, names);
    }
    return view;
}

ChainView view_of(const notation::Chain& c, const std::string& point = {}) {
    return view_of(c.report, c.entries, point);
}

std::string picture(const notation::Chain& c, std::size_t width, const std::string& point = {}) {
    return "\n" + chain_picture(view_of(c, point), {width, false});
}

}  // namespace

TEST_CASE("Few increments get columns of their own") {
    CHECK(picture(notation::chain("b1 i1..i3 day=4"), 60) == R"(
full      #
inc        [=======[=======[=======
points    |       |       |       |
                        b001-i003 ^
          2024-09-30     2024-09-30

= restores the point at ^, [ beginning known
points: | certain
)");
}

TEST_CASE("Many increments share columns, and the restore set descends through the lanes") {
    CHECK(picture(notation::chain("day=10 b1 i141..i150 cd@110 cd@120 cd@130 cd@140 cw@60 cw@100"), 60) == R"(
full      #
week       (===================(============
day                                         (==(==(==(===
inc                                                     ====
points    |                   :            :  :  :  :   ::::
                                                 b001-i150 ^
          2024-09-30                              2024-10-14

= restores the point at ^, ( beginning inferred
points: | certain : presumed
)");
}

TEST_CASE("What a loss breaks is crossed out") {
    CHECK(picture(notation::chain("b1 i1..i9 !i4 day=12"), 60) == R"(
full      -
inc        [----[----[----/////xxxxxxxxxxxxxxxxxxxxxxxxx
points    |    |    |    |         x    x    x    x    x
                                             b001-i009 ^
          2024-09-30                          2024-09-30

- other image, [ beginning known, x orphan, / missing
points: | certain x broken
)");
}

TEST_CASE("The restore set is that of the point which is asked for") {
    CHECK(picture(notation::chain("b1 i1..i12 day=4"), 60, "b001-i003") == R"(
full      #
inc        [===[===[===[---[---[---[---[---[---[---[---[---
points    |   |   |   |   |   |   |   |   |   |   |   |   |
                      ^ b001-i003
          2024-09-30                             2024-09-30

= restores the point at ^, - other image, [ beginning known
points: | certain
)");
}

TEST_CASE("A base alone is a picture too") {
    CHECK(picture(notation::chain("b1"), 40) == R"(
full      #
points    |
     b001 ^
          2024-09-30

# restores the point at ^
points: | certain
)");
}

TEST_CASE("A differential has a lane of its own") {
    CHECK(picture(notation::chain("b1 i1..i3 d1 i1..i2 day=6"), 60) == R"(
full      #
diff       [===============================
inc        [-------[-------[-------        [=======[=======
points    |       |       |       |       |       |       |
                                           b001-d001-i002 ^
          2024-09-30                             2024-09-30

= restores the point at ^, - other image, [ beginning known
points: | certain
)");
}

TEST_CASE("No picture is wider than the terminal, whatever the chain") {
    for (const char* words : {"b1", "b1 i1..i500", "b1 i400..i500 cd@24 cd@48", "b7 i3 d4 i90..i99", "i5..i9", "b1 i1 i4000000000"}) {
        for (const std::size_t width : {20U, 40U, 60U, 100U, 160U, 400U}) {
            const auto view = view_of(notation::chain(words));
            for (const bool unicode : {false, true}) {
                for (const auto axis : {imc::picture::Axis::sequence, imc::picture::Axis::time}) {
                    const Style style{width, false, unicode};
                    std::istringstream lines(chain_summary(view, style) + chain_picture(view, style, {axis, true}) +
                                             (width >= 40 ? restore_set_part(view, style, 40) : ""));
                    for (std::string line; std::getline(lines, line);) {
                        INFO(words << " at " << width << ": " << line);
                        CHECK(columns(line) <= width);
                        CHECK((line.empty() || line.back() != ' '));
                    }
                }
            }
        }
    }
}

TEST_CASE("Chains are printed as they are kept, in Unicode and in ASCII, and as JSON for the browser") {
    imc::api::RestoreSets sets;
    sets.listed = false;
    for (const auto& chain : drawn::chains()) {
        const auto view = view_of(chain.report, chain.entries, chain.point);
        const imc::cli::TextPicture options{chain.svg.axis, chain.svg.blast};
        std::string text;
        for (const std::size_t width : {100U, 48U}) {
            for (const bool unicode : {true, false}) {
                const Style style{width, false, unicode};
                text += chain_summary(view, style) + "\n" + chain_picture(view, style, options) + "\n";
            }
        }
        CHECK(drawn::difference(chain.name + ".txt", text) == "");
        const auto json = imc::api::pictured_volume_json(chain.volume(), chain.entries, chain.report.memory, {}, sets);
        CHECK(drawn::difference(chain.name + ".json", imc::api::text_of(json["chains"].back()["picture"]) + "\n") == "");
    }
}

TEST_CASE("Text, picture and JSON are printed from the same geometry") {
    for (const auto& chain : drawn::chains()) {
        const drawn::Prepared prepared(chain);
        const auto view = view_of(chain.report, chain.entries, chain.point);
        INFO(chain.name);
        REQUIRE(view.geometry.vertices.size() == prepared.geometry.vertices.size());
        for (std::size_t k = 0; k < view.geometry.vertices.size(); ++k) {
            CHECK(view.geometry.vertices[k].step == prepared.geometry.vertices[k].step);
            CHECK(view.geometry.vertices[k].time == prepared.geometry.vertices[k].time);
        }
        REQUIRE(view.geometry.bars.size() == prepared.geometry.bars.size());
        for (std::size_t k = 0; k < view.geometry.bars.size(); ++k) {
            CHECK(view.geometry.bars[k].tail == prepared.geometry.bars[k].tail);
            CHECK(view.geometry.bars[k].strength == prepared.geometry.bars[k].strength);
        }
        CHECK(view.geometry.marks == prepared.geometry.marks);
        CHECK(view.geometry.holes.size() == prepared.geometry.holes.size());
        CHECK(view.set == prepared.view.set);
    }
}

TEST_CASE("A long restore set is cut, and the rest is counted") {
    const auto view = view_of(notation::chain("b1 i1..i60"));
    const auto text = restore_set_part(view, {100, false}, 40);
    CHECK(text.find("C_VOL-b001-i039.spi") != std::string::npos);
    CHECK(text.find("C_VOL-b001-i040.spi") == std::string::npos);
    CHECK(text.find("... and 21 more\n") != std::string::npos);
}

TEST_CASE("A broken point is told with the newest one before it that is not") {
    const auto text = chain_summary(view_of(notation::chain("b1 i1..i9 !i4")), {100, false});
    CHECK(text.find("b001-i009 (") != std::string::npos);
    CHECK(text.find("): broken\nBefore it, b001-i003 (") != std::string::npos);
}

TEST_CASE("JSON of another shape gives an empty view, never a crash") {
    for (const char* text :
         {"{}", "[]", "null", R"({"images":[1,{"kind":"full"},{"kind":"x","head":"b001"}],"points":[null,{"point":"zz"}]})"}) {
        const auto view = read_chain(nlohmann::json::parse(text), "C_VOL");
        CHECK(view.chain.images.empty());
        CHECK(view.chain.points.empty());
        CHECK_FALSE(chain_summary(view, {60, false}).empty());
        CHECK(chain_picture(view, {60, false}).size() < 100);
    }
}
