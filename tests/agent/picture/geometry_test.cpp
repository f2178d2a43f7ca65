#include "agent/picture/axis.hpp"
#include "tests/support/chain_notation.hpp"
#include "tests/support/drawn_chains.hpp"
#include "tests/support/random_chain.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace imc::picture;
using spchain::Verdict;

namespace {

// As a page does it: the best of all bars that end at a vertex, each the lower of its strength and that of its tail.
std::vector<Verdict> reach(const Geometry& geometry, std::uint32_t lost) {
    std::vector<Verdict> verdicts(geometry.vertices.size(), Verdict::broken);
    for (std::size_t k = 0; k < geometry.bars.size(); ++k) {
        const auto& bar = geometry.bars[k];
        if ((lost >> k & 1U) != 0) continue;
        const auto before = bar.tail < 0 ? Verdict::certain : verdicts[static_cast<std::size_t>(bar.tail)];
        auto& here = verdicts[static_cast<std::size_t>(bar.head)];
        here = std::max(here, std::min(before, bar.strength));
    }
    return verdicts;
}

Geometry of(const notation::Chain& chain) {
    return geometry_of(chain.only(), {});
}

}  // namespace

TEST_CASE("A bar goes from the tail of its image to its head") {
    const auto noted = notation::chain("b1 i1..i4 cd@4 day=4");
    const auto geometry = of(noted);
    REQUIRE(geometry.bars.size() == noted.only().images.size());
    CHECK(geometry.steps == 4);
    for (std::size_t k = 0; k < geometry.bars.size(); ++k) {
        const auto& image = noted.only().images[k];
        CHECK(geometry.bars[k].lane == lane_of(image.kind));
        CHECK(geometry.end(geometry.bars[k], Axis::sequence) == Approx(image.head.incremental / 4.0));
        CHECK(geometry.begin(geometry.bars[k], Axis::sequence) == Approx(image.tail.incremental / 4.0));
    }
    CHECK(geometry.marks.size() == 5);
}

TEST_CASE("Increments of a differential stand to the right of those before it") {
    const auto geometry = of(notation::chain("b1 i1..i3 d1 i1..i2"));
    CHECK(geometry.steps == 6);  // b, 1, 2, 3, d1, d1i1, d1i2
    REQUIRE(geometry.segments.size() == 2);
    CHECK(geometry.segments[1].differential == 1);
    CHECK(geometry.segments[1].from == 4);
    CHECK(geometry.segments[1].to == 6);
    CHECK(geometry.place(geometry.marks.back(), Axis::sequence) == 1.0);
}

TEST_CASE("Vertices ascend, and every bar begins before it ends or leads nowhere") {
    for (const auto& chain : drawn::chains()) {
        const drawn::Prepared prepared(chain);
        const auto& all = prepared.geometry.vertices;
        INFO(chain.name);
        for (std::size_t k = 1; k < all.size(); ++k) {
            CHECK(all[k - 1].point < all[k].point);
            CHECK(all[k - 1].step < all[k].step);
        }
        for (const auto& bar : prepared.geometry.bars) CHECK(bar.tail <= bar.head);
        for (const auto& hole : prepared.geometry.holes) CHECK(hole.tail < hole.head);
        for (std::size_t k = 0; k < chain.chain().points.size(); ++k) {
            CHECK(all[static_cast<std::size_t>(prepared.geometry.marks[k])].point == chain.chain().points[k].point);
        }
    }
}

TEST_CASE("What a page computes from the bars is what the analysis says, whatever is lost") {
    generator::Random random(7);
    for (int round = 0; round < 400; ++round) {
        const auto chain = random_chain::make(random);
        const auto geometry = geometry_of(chain, {});
        for (int loss = 0; loss < 8; ++loss) {
            const auto lost = loss == 0 ? 0 : static_cast<std::uint32_t>(random.below(1ULL << chain.images.size()));
            const auto verdicts = reach(geometry, lost);
            for (std::size_t p = 0; p < chain.points.size(); ++p) {
                CHECK(verdicts[static_cast<std::size_t>(geometry.marks[p])] == random_chain::verdict(chain, chain.points[p].point, lost));
            }
        }
    }
}

TEST_CASE("Bringing back what is hatched mends the newest point") {
    for (const auto* name : {"hole", "no-base", "remembered-loss"}) {
        const drawn::Prepared prepared(drawn::chain(name));
        INFO(name);
        REQUIRE_FALSE(prepared.missing.empty());
        auto geometry = prepared.geometry;
        geometry.bars.insert(geometry.bars.end(), geometry.holes.begin(), geometry.holes.end());
        std::stable_sort(geometry.bars.begin(), geometry.bars.end(), [](const Bar& a, const Bar& b) { return a.head < b.head; });
        CHECK(reach(geometry, 0)[static_cast<std::size_t>(geometry.marks.back())] >= Verdict::presumed);
    }
}

TEST_CASE("What is missing has a name, and what was only retired is not missing") {
    const drawn::Prepared hole(drawn::chain("hole"));
    REQUIRE(hole.missing.size() == 1);
    CHECK(hole.missing[0].name == "C_VOL-b001-i004.spi");
    const drawn::Prepared gone(drawn::chain("remembered-loss"));
    REQUIRE(gone.missing.size() == 1);
    CHECK(gone.missing[0].kind == spchain::Kind::weekly);
    CHECK(gone.missing[0].tail == spchain::Point{0, 48});
    const drawn::Prepared base(drawn::chain("no-base"));
    REQUIRE(base.missing.size() == 2);
    CHECK(base.missing[0].kind == spchain::Kind::full);
    CHECK(base.missing[1].count == 4);
    for (const auto* name : {"year", "year-by-time", "few", "replica", "dailies"}) {
        CHECK(drawn::Prepared(drawn::chain(name)).missing.empty());
    }
    // Retention takes increments of a consolidated day away oldest first.
    auto noted = notation::chain("day=8 b1 i5..i8 cd@8 cd@16 cd@24 cd@32 cd@40 cd@48 cd@56 cd@64 i65..i72");
    CHECK(noted.finding(spchain::FindingCode::points_retired) != nullptr);
    CHECK(missing_of(noted.report.volumes[0], noted.only(), noted.report.memory).empty());
}

TEST_CASE("Time never runs backwards within a differential, and what is unknown lies between its neighbours") {
    const drawn::Prepared year(drawn::chain("year"));
    REQUIRE(year.geometry.timed);
    for (std::size_t k = 1; k < year.geometry.vertices.size(); ++k) {
        CHECK(year.geometry.vertices[k - 1].time <= year.geometry.vertices[k].time);
    }
    CHECK(year.geometry.place(0, Axis::time) == 0.0);
    CHECK(year.geometry.place(static_cast<std::int32_t>(year.geometry.vertices.size()) - 1, Axis::time) == 1.0);
    const auto hole = drawn::Prepared(drawn::chain("hole"));
    const auto& between = hole.geometry.vertices.at(4);
    CHECK(between.time > hole.geometry.vertices[3].time);
    CHECK(between.time < hole.geometry.vertices[5].time);
}

TEST_CASE("Times that say nothing are not used") {
    const drawn::Prepared lost(drawn::chain("times-lost"));
    CHECK_FALSE(lost.geometry.timed);
    CHECK(lost.geometry.place(3, Axis::time) == lost.geometry.place(3, Axis::sequence));
}

TEST_CASE("Times at the ends of the calendar overflow nothing") {
    auto noted = notation::chain("b1 i1..i6");
    noted.entries[1].written = INT64_MAX;
    noted.entries[2].written = INT64_MIN + 1;
    noted.entries[3].written = 0;
    noted.look();
    const auto geometry = of(noted);
    for (std::int32_t k = 0; k < static_cast<std::int32_t>(geometry.vertices.size()); ++k) {
        const double place = geometry.place(k, Axis::time);
        CHECK(place >= 0);
        CHECK(place <= 1);
    }
    CHECK_FALSE(ticks_of(geometry, Axis::time, 0.1).empty());
}

TEST_CASE("Ticks keep their distance and stay inside") {
    for (const auto& chain : drawn::chains()) {
        const drawn::Prepared prepared(chain);
        for (const auto axis : {Axis::sequence, Axis::time}) {
            for (const double least : {0.05, 0.1, 0.4}) {
                const auto ticks = ticks_of(prepared.geometry, axis, least);
                for (std::size_t k = 0; k < ticks.size(); ++k) {
                    CHECK(ticks[k].at >= 0);
                    CHECK(ticks[k].at <= 1);
                    if (k > 0) CHECK(ticks[k].at - ticks[k - 1].at >= least);
                }
            }
        }
    }
    const drawn::Prepared few(drawn::chain("few"));
    const auto ticks = ticks_of(few.geometry, Axis::sequence, 0.1);
    REQUIRE(ticks.size() == 4);
    CHECK(ticks[0].label == "base");
    CHECK(ticks[3].label == "i3");
    CHECK(ticks[0].below == "2024-09-30");
}
