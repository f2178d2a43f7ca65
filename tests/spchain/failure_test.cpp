// Points of failure, two ways and the cost of a loss against trying every path, and on chains made for them.
#include "spchain/failure.hpp"

#include "spchain/loss.hpp"
#include "spchain/ways.hpp"
#include "tests/support/chain_notation.hpp"
#include "tests/support/random_chain.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

using notation::chain;
using spchain::Verdict;

namespace {

std::vector<std::string> words(const notation::Chain& c, const std::vector<std::uint32_t>& images) {
    std::vector<std::string> result;
    for (const auto image : images) result.push_back(notation::word_of(c.entries[c.only().images[image].entry].name));
    return result;
}

std::uint32_t index_of(const notation::Chain& c, const std::string& word) {
    return static_cast<std::uint32_t>(&c.image(word) - c.only().images.data());
}

using Words = std::vector<std::string>;

// Of the points worth two ways: the best verdict at which two paths share no file but fulls, by trying all pairs.
Verdict best_pair(const spchain::Chain& chain, spchain::Point goal) {
    std::uint32_t fulls = 0;
    for (std::size_t k = 0; k < chain.images.size(); ++k) {
        if (chain.images[k].kind == spchain::Kind::full) fulls |= 1U << k;
    }
    for (const auto least : {Verdict::certain, Verdict::presumed, Verdict::doubtful}) {
        std::vector<std::uint32_t> paths;
        random_chain::each_path(chain, goal, least, [&](std::uint32_t path) { paths.push_back(path); });
        for (std::size_t a = 0; a < paths.size(); ++a) {
            for (std::size_t b = a + 1; b < paths.size(); ++b) {
                if ((paths[a] & paths[b] & ~fulls) == 0) return least;
            }
        }
    }
    return Verdict::broken;
}

}  // namespace

TEST_CASE("points of failure equal losing each file and trying every path") {
    generator::Random random(11);
    for (int round = 0; round < 6000; ++round) {
        const auto c = random_chain::make(random);
        for (const auto& state : c.points) {
            const auto found = spchain::points_of_failure(c, state.point);
            REQUIRE(found.verdict == state.verdict);
            std::map<std::uint32_t, Verdict> without;
            for (const auto& file : found.files) without[file.image] = file.without;
            REQUIRE(without.size() == found.files.size());
            REQUIRE(std::is_sorted(found.files.begin(), found.files.end(), [](auto a, auto b) { return a.image < b.image; }));
            for (std::uint32_t k = 0; k < c.images.size(); ++k) {
                const auto then = random_chain::verdict(c, state.point, 1U << k);
                REQUIRE(then == (without.contains(k) ? without[k] : state.verdict));
            }
        }
    }
}

TEST_CASE("two ways are independent where trying all pairs of paths finds a pair") {
    generator::Random random(12);
    int found = 0;
    for (int round = 0; round < 4000; ++round) {
        const auto c = random_chain::make(random, {.points = 6, .images = 12});
        for (const auto& state : c.points) {
            const auto ways = spchain::two_ways(c, state.point);
            REQUIRE(ways.certainty == best_pair(c, state.point));
            if (state.verdict == Verdict::broken) {
                REQUIRE(ways.first.empty());
                REQUIRE(ways.second.empty());
                continue;
            }
            const auto least = ways.certainty == Verdict::broken ? state.verdict : ways.certainty;
            const auto first = random_chain::bits(ways.first);
            const auto second = random_chain::bits(ways.second);
            int paths = 0;
            std::uint32_t common = ~0U;
            random_chain::each_path(c, state.point, least, [&](std::uint32_t path) {
                if (path == first) ++paths;
                if (path == second) ++paths;
                common &= path;
            });
            REQUIRE(paths == 2);
            REQUIRE((first & second) == common);
            REQUIRE(random_chain::bits(ways.shared) == common);
            if (ways.certainty != Verdict::broken) ++found;
        }
    }
    CHECK(found > 1000);
}

TEST_CASE("the cost of a loss equals trying every path again") {
    generator::Random random(13);
    for (int round = 0; round < 6000; ++round) {
        const auto c = random_chain::make(random);
        std::vector<std::uint32_t> lost;
        for (std::uint32_t k = 0; k < c.images.size(); ++k) {
            if (random.chance(0.25)) lost.push_back(k);
        }
        const auto mask = random_chain::bits(lost);
        if (!lost.empty()) lost.push_back(lost.front());  // named twice, and one that is none
        lost.push_back(1000);
        const auto cost = spchain::cost_of_loss(c, lost);
        std::uint64_t gone = 0;
        std::uint64_t sunk = 0;
        std::int32_t newest = -1;
        auto certainty = Verdict::certain;
        auto change = cost.points.begin();
        for (std::uint32_t p = 0; p < c.points.size(); ++p) {
            const auto& state = c.points[p];
            const auto after = random_chain::verdict(c, state.point, mask);
            if (after != Verdict::broken) newest = static_cast<std::int32_t>(p);
            bool touched = false;
            random_chain::each_path(c, state.point, Verdict::doubtful, [&](std::uint32_t path) { touched |= (path & mask) != 0; });
            if (touched && after != Verdict::broken) certainty = std::min(certainty, after);
            if (after == state.verdict) continue;
            ++(after == Verdict::broken ? gone : sunk);
            REQUIRE(change != cost.points.end());
            REQUIRE(change->point == p);
            REQUIRE(change->before == state.verdict);
            REQUIRE(change->after == after);
            ++change;
        }
        REQUIRE(change == cost.points.end());
        REQUIRE(cost.points_lost == gone);
        REQUIRE(cost.points_sunk == sunk);
        REQUIRE(cost.newest == newest);
        REQUIRE(cost.certainty == certainty);
        std::uint64_t bytes = 0;
        std::vector<std::uint32_t> stranded;
        for (std::uint32_t k = 0; k < c.images.size(); ++k) {
            const auto& image = c.images[k];
            if ((mask >> k & 1U) != 0) bytes += image.bytes;
            const bool led = image.kind != spchain::Kind::full && random_chain::verdict(c, image.tail) != Verdict::broken;
            if (led && (mask >> k & 1U) == 0 && random_chain::verdict(c, image.tail, mask) == Verdict::broken) stranded.push_back(k);
        }
        REQUIRE(cost.lost_bytes == bytes);
        REQUIRE(cost.stranded == stranded);
    }
}

TEST_CASE("a point inside a day hangs on its increments, the day's end on none of them alone") {
    const auto c = chain("b1 i1..i48 cd@24");
    const auto inside = spchain::points_of_failure(c.only(), {0, 3});
    REQUIRE(inside.files.size() == 4);
    for (const auto& file : inside.files) CHECK(file.without == Verdict::broken);
    const auto end = spchain::points_of_failure(c.only(), {0, 24});
    CHECK(end.verdict == Verdict::certain);
    REQUIRE(end.files.size() == 25);
    CHECK(end.files[0].without == Verdict::broken);    // the base
    CHECK(end.files[1].without == Verdict::presumed);  // then only the daily leads there, and where it begins is inferred
    CHECK(spchain::points_of_failure(c.only(), {0, 99}).files.empty());
}

TEST_CASE("two ways to a day's end are its daily and its increments, and they are as sure as the daily") {
    const auto c = chain("b1 i1..i24 cd@24");
    const auto ways = spchain::two_ways(c.only(), {0, 24});
    CHECK(ways.certainty == Verdict::presumed);
    CHECK(words(c, ways.shared) == Words{"b1"});
    CHECK(std::min(ways.first.size(), ways.second.size()) == 2);
    CHECK(std::max(ways.first.size(), ways.second.size()) == 25);
    const auto inside = spchain::two_ways(c.only(), {0, 2});
    CHECK(inside.certainty == Verdict::broken);
    CHECK(words(c, inside.shared) == Words{"b1", "i1", "i2"});
    const auto base = spchain::two_ways(c.only(), {});
    CHECK(base.certainty == Verdict::broken);
    CHECK(words(c, base.first) == Words{"b1"});
}

TEST_CASE("losing an increment costs the points up to the next consolidation and strands their files") {
    const auto c = chain("b1 i1..i30 cd@24");
    const std::vector<std::uint32_t> lost{index_of(c, "i20")};
    const auto cost = spchain::cost_of_loss(c.only(), lost);
    CHECK(cost.points_lost == 4);  // 20 to 23
    CHECK(cost.points_sunk == 7);  // 24 to 30 would hang on the daily, whose beginning is inferred
    CHECK(cost.certainty == Verdict::presumed);
    CHECK(words(c, cost.stranded) == Words{"i21", "i22", "i23", "i24"});
    CHECK(cost.stranded_bytes == 4000);
    CHECK(cost.newest == c.only().newest);
    const auto nothing = spchain::cost_of_loss(c.only(), {});
    CHECK(nothing.points.empty());
    CHECK(nothing.certainty == Verdict::certain);
}
