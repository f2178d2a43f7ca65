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

TEST_CASE("A chain is drawn as it is: golden") {
    CHECK(picture(notation::chain("b1 i1..i3 day=4"), 60) == R"(
full      #
inc        ========================
points    ||||
)");
}
