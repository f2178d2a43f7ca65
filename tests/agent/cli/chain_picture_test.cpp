#include "agent/api/views_chain.hpp"
#include "agent/cli/chain_geometry.hpp"
#include "agent/cli/chain_text.hpp"
#include "tests/support/chain_notation.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace imc::cli;

namespace {

ChainView view_of(const notation::Chain& c, const std::string& point = {}) {
    imc::api::RestoreSets sets;
    sets.listed = false;
    const auto json = imc::api::volume_json(c.report.volumes.at(0), c.entries, {}, sets);
    ChainView view = read_chain(json["chains"].at(0));
    if (!point.empty()) REQUIRE(choose(view, spchain::parse_point(point).value().second));
    if (view.chosen) {
        std::vector<std::string> names;
        for (const auto image : c.only().restore_set(view.points[*view.chosen].point)) {
            names.push_back(c.entries[c.only().images[image].entry].name);
        }
        take_restore_set(view, names);
    }
    return view;
}

std::string picture(const notation::Chain& c, std::size_t width, const std::string& point = {}) {
    return "\n" + chain_picture(view_of(c, point), {width, false});
}

}  // namespace

TEST_CASE("An image's bar goes from its tail to its head") {
    const auto view = view_of(notation::chain("b1 i1..i4 cd@4 day=4"));
    const auto geometry = geometry_of(view);
    REQUIRE(geometry.bars.size() == view.images.size());
    CHECK(geometry.steps == 4);
    for (const auto& bar : geometry.bars) {
        const auto& image = view.images[bar.image];
        CHECK(bar.lane == lane_of(image.kind));
        CHECK(bar.to == Approx(image.head.incremental / 4.0));
        if (image.kind == spchain::Kind::incremental) CHECK(bar.from == Approx((image.head.incremental - 1) / 4.0));
    }
    CHECK(geometry.marks.size() == 5);
}

TEST_CASE("Increments of a differential stand to the right of those before it") {
    const auto view = view_of(notation::chain("b1 i1..i3 d1 i1..i2"));
    const auto geometry = geometry_of(view);
    CHECK(geometry.steps == 6);  // b, 1, 2, 3, d1, d1i1, d1i2
    CHECK(geometry.marks.back().at == 1.0);
}

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
inc        [----[----[----     xxxxxxxxxxxxxxxxxxxxxxxxx
points    |    |    |    |         x    x    x    x    x
                                             b001-i009 ^
          2024-09-30                          2024-09-30

- other image, [ beginning known, x orphan
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
        for (const std::size_t width : {40U, 60U, 100U, 160U}) {
            const auto view = view_of(notation::chain(words));
            std::istringstream lines(chain_summary(view, "C_VOL", {width, false}) + chain_picture(view, {width, false}) +
                                     restore_set_part(view, {width, false}, 40));
            for (std::string line; std::getline(lines, line);) {
                INFO(words << " at " << width << ": " << line);
                CHECK(columns(line) <= width);
                CHECK((line.empty() || line.back() != ' '));
            }
        }
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
    const auto text = chain_summary(view_of(notation::chain("b1 i1..i9 !i4")), "C_VOL", {100, false});
    CHECK(text.find("b001-i009 (") != std::string::npos);
    CHECK(text.find("): broken\nBefore it, b001-i003 (") != std::string::npos);
}

TEST_CASE("Graphviz gets names as it wants them") {
    auto view = view_of(notation::chain("b1 i1"));
    view.images[0].name = "a\"b\\c.spf";
    CHECK(chain_dot(view, "C \"VOL\"").find("label=\"a\\\"b\\\\c.spf\"") != std::string::npos);
    CHECK(chain_dot(view, "C \"VOL\"").starts_with("digraph \"C \\\"VOL\\\" b001-i001\" {\n"));
}

TEST_CASE("JSON of another shape gives an empty view, never a crash") {
    for (const char* text :
         {"{}", "[]", "null", R"({"images":[1,{"kind":"full"},{"kind":"x","head":"b001"}],"points":[null,{"point":"zz"}]})"}) {
        const auto view = read_chain(nlohmann::json::parse(text));
        CHECK(view.images.empty());
        CHECK(view.points.empty());
        CHECK_FALSE(chain_summary(view, "C_VOL", {60, false}).empty());
        CHECK(chain_picture(view, {60, false}).size() < 100);
    }
}
