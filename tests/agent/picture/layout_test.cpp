#include "agent/picture/layout.hpp"

#include "tests/support/chain_notation.hpp"
#include "tests/support/drawn_chains.hpp"
#include "tools/generator/simulator.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace imc::picture;

namespace {

Layout laid(const drawn::Prepared& prepared, double columns, Axis axis = Axis::sequence) {
    LayoutOptions options;
    options.columns = columns;
    options.axis = axis;
    options.blast = true;
    return layout_of(prepared.view, options);
}

struct Owned {
    explicit Owned(const std::string& words) : noted(notation::chain(words)), geometry(geometry_of(noted.only(), {})) {}
    notation::Chain noted;
    Geometry geometry;
    View view{noted.only(), geometry, {}, noted.entries, "C_VOL", -1, {}};
};

}  // namespace

TEST_CASE("Every file is in exactly one block, and every point in one stretch") {
    for (const auto& chain : drawn::chains()) {
        const drawn::Prepared prepared(chain);
        for (const double columns : {30.0, 300.0, 1'100.0, 3'000.0}) {
            for (const auto axis : {Axis::sequence, Axis::time}) {
                const auto layout = laid(prepared, columns, axis);
                std::uint64_t files = 0, points = 0, absent = 0;
                for (const auto& block : layout.blocks) {
                    files += block.count;
                    CHECK(block.from <= block.to);
                    CHECK(block.to <= columns + 0.001);
                }
                for (const auto& file : prepared.missing) absent += file.count;
                for (const auto& stretch : layout.strip) points += stretch.count;
                CHECK(files == chain.chain().images.size() + absent);
                CHECK(points == chain.chain().points.size());
            }
        }
    }
}

TEST_CASE("Blocks are bounded by the columns, however the files are") {
    const Owned rows("b1 i1..i3000");
    for (const double columns : {50.0, 500.0}) {
        LayoutOptions options;
        options.columns = columns;
        const auto layout = layout_of(rows.view, options);
        CHECK(layout.blocks.size() < 10);
    }
    // Every second one is of another look: the worst is shown, in blocks of three columns.
    Owned mixed("b1 i1..i3000");
    auto chain = mixed.noted.only();
    for (std::size_t k = 1; k < chain.images.size(); k += 2) chain.images[k].state = spchain::State::orphan;
    for (std::size_t k = 0; k < chain.points.size(); k += 2) chain.points[k].verdict = spchain::Verdict::broken;
    const View view{chain, mixed.geometry, {}, mixed.noted.entries, "C_VOL", -1, {}};
    LayoutOptions options;
    options.columns = 600;
    const auto layout = layout_of(view, options);
    CHECK(layout.blocks.size() < 300);
    CHECK(layout.strip.size() < 400);
    for (const auto& block : layout.blocks) {
        if (block.lane == Lane::increments) CHECK(block.look == Look::orphan);
    }
}

TEST_CASE("The worst that falls into a column is what is shown") {
    const Owned owned("b1 i1..i2000 !i1000");
    LayoutOptions options;
    options.columns = 200;
    const auto layout = layout_of(owned.view, options);
    bool orphan = false, broken = false;
    for (const auto& block : layout.blocks) orphan = orphan || block.look == Look::orphan;
    for (const auto& stretch : layout.strip) broken = broken || stretch.verdict == spchain::Verdict::broken;
    CHECK(orphan);
    CHECK(broken);
    // A single broken point between two thousand is not lost.
    auto chain = owned.noted.only();
    for (auto& point : chain.points) point.verdict = spchain::Verdict::certain;
    chain.points[700].verdict = spchain::Verdict::broken;
    const View view{chain, owned.geometry, {}, owned.noted.entries, "C_VOL", -1, {}};
    const auto strip = layout_of(view, options).strip;
    CHECK(std::count_if(strip.begin(), strip.end(), [](const Stretch& s) { return s.verdict == spchain::Verdict::broken; }) == 1);
}

TEST_CASE("Bars that overlap lie in rows, three at most") {
    std::string words = "b1";
    for (int d = 1; d <= 40; ++d) words += " d" + std::to_string(d);
    const Owned owned(words);
    LayoutOptions options;
    options.columns = 1'000;
    const auto layout = layout_of(owned.view, options);
    REQUIRE(layout.lanes.size() == 2);
    CHECK(layout.lanes[1].lane == Lane::differential);
    CHECK(layout.lanes[1].rows == 3);
    CHECK(layout.lanes[1].images == 40);
}

TEST_CASE("The blast strip is the largest of all files above it") {
    for (const auto* name : {"year", "dailies", "hole", "differentials", "weekly-gone"}) {
        const drawn::Prepared prepared(drawn::chain(name));
        const auto layout = laid(prepared, 400);
        std::vector<std::uint32_t> expected(layout.blast.size(), 0);
        const auto& images = prepared.view.chain.images;
        for (std::size_t k = 0; k < images.size(); ++k) {
            const auto& bar = prepared.geometry.bars[k];
            const double from = prepared.geometry.begin(bar, Axis::sequence) * 400 - (bar.tail < 0 ? 7 : 0) + 7;
            const auto first = static_cast<std::size_t>(std::max(0.0, from));
            const auto end =
                std::max(first + 1, static_cast<std::size_t>(std::lround(prepared.geometry.end(bar, Axis::sequence) * 400 + 7)));
            for (std::size_t at = first; at < std::min(end, expected.size()); ++at) {
                expected[at] = std::max(expected[at], images[k].blast_radius);
            }
        }
        INFO(name);
        CHECK(layout.blast == expected);
    }
}
