// Gaps and instants of a machine against trying every pair of points and every stretch of time.
#include "spchain/gaps.hpp"

#include "spchain/instants.hpp"
#include "tests/support/chain_notation.hpp"
#include "tests/support/random_chain.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using spchain::UnixTime;
using spchain::Verdict;
using spchain::Volume;

namespace {

constexpr UnixTime hour = 3'600;

Volume random_volume(generator::Random& random) {
    Volume volume;
    for (std::uint64_t k = 1 + random.below(2); k > 0; --k) {
        auto chain = random_chain::make(random, {.points = 6, .images = 10});
        for (auto& image : chain.images) image.written = random.chance(0.05) ? spchain::no_time : static_cast<UnixTime>(random.below(60));
        for (auto& state : chain.points) {
            state.written = spchain::no_time;
            for (const auto& image : chain.images) {
                const bool earlier =
                    state.written == spchain::no_time || (image.written != spchain::no_time && image.written < state.written);
                if (image.head == state.point && earlier) state.written = image.written;
            }
        }
        volume.chains.push_back(std::move(chain));
    }
    return volume;
}

std::vector<UnixTime> times(const Volume& volume, Verdict least) {
    std::vector<UnixTime> result;
    for (const auto& point : spchain::points_in_time(volume, least)) {
        if (point.at != spchain::no_time) result.push_back(point.at);
    }
    return result;
}

}  // namespace

TEST_CASE("points in time are those restorable so well, once each, at the time of a file made with them") {
    generator::Random random(71);
    for (int round = 0; round < 3000; ++round) {
        const auto volume = random_volume(random);
        for (const auto least : {Verdict::doubtful, Verdict::presumed, Verdict::certain}) {
            std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
            for (const auto& point : spchain::points_in_time(volume, least)) {
                const auto& chain = volume.chains[point.chain];
                const auto& state = chain.points[point.point];
                REQUIRE(seen.insert({point.chain, point.point}).second);
                REQUIRE(point.verdict == state.verdict);
                UnixTime own = spchain::no_time;
                for (const auto& image : chain.images) {
                    const bool made_with_it = image.kind == spchain::Kind::incremental || image.kind == spchain::Kind::full;
                    if (image.head != state.point || !made_with_it || image.state == spchain::State::settling) continue;
                    if (image.written != spchain::no_time && (own == spchain::no_time || image.written < own)) own = image.written;
                }
                REQUIRE(point.exact == (own != spchain::no_time));
                REQUIRE(point.at == (point.exact ? own : state.written));
            }
            std::size_t expected = 0;
            for (const auto& chain : volume.chains) {
                for (const auto& state : chain.points) expected += state.verdict >= least ? 1 : 0;
            }
            REQUIRE(seen.size() == expected);
        }
    }
}

TEST_CASE("gaps equal those found by trying every pair of points") {
    generator::Random random(72);
    for (int round = 0; round < 4000; ++round) {
        const auto volume = random_volume(random);
        const auto since = static_cast<UnixTime>(random.below(20));
        const auto now = static_cast<UnixTime>(30 + random.below(40));
        const auto gaps = spchain::recovery_gaps(volume, 7, since, now);
        auto all = times(volume, Verdict::presumed);
        std::erase_if(all, [&](UnixTime t) { return t < since || t > now; });
        std::int64_t longest = -1;
        std::size_t over = 0;
        for (std::size_t a = 0; a < all.size(); ++a) {
            for (std::size_t b = a + 1; b < all.size(); ++b) {
                const auto low = std::min(all[a], all[b]);
                const auto high = std::max(all[a], all[b]);
                if (std::any_of(all.begin(), all.end(), [&](UnixTime t) { return low < t && t < high; })) continue;
                longest = std::max(longest, high - low);
            }
        }
        std::set<UnixTime> distinct(all.begin(), all.end());
        for (auto t = distinct.begin(); t != distinct.end() && std::next(t) != distinct.end(); ++t)
            over += *std::next(t) - *t > 7 ? 1U : 0U;
        REQUIRE(gaps.points == all.size());
        REQUIRE((gaps.longest ? gaps.longest->seconds : -1) == longest);
        REQUIRE(gaps.over.size() == over);
        REQUIRE(gaps.silence.has_value() == !all.empty());
        if (!all.empty()) REQUIRE(*gaps.silence == now - *std::max_element(all.begin(), all.end()));
    }
}

TEST_CASE("instants equal the stretches of time found by trying every one") {
    generator::Random random(73);
    std::size_t found = 0;
    for (int round = 0; round < 3000; ++round) {
        std::vector<Volume> volumes;
        for (std::uint64_t k = 1 + random.below(3); k > 0; --k) volumes.push_back(random_volume(random));
        std::vector<const Volume*> pointers;
        std::vector<std::vector<UnixTime>> all;
        for (const auto& volume : volumes) {
            pointers.push_back(&volume);
            all.push_back(times(volume, Verdict::presumed));
        }
        const auto tolerance = static_cast<std::int64_t>(random.below(12));
        const auto whole = [&](UnixTime from, UnixTime to) {
            return std::all_of(all.begin(), all.end(), [&](const auto& of_one) {
                return std::any_of(of_one.begin(), of_one.end(), [&](UnixTime t) { return from <= t && t <= to; });
            });
        };
        std::vector<std::pair<UnixTime, UnixTime>> expected;
        for (UnixTime to = 0; to < 60; ++to) {
            for (UnixTime from = std::max<UnixTime>(0, to - tolerance); from <= to; ++from) {
                if (whole(from, to) && (from == to || (!whole(from + 1, to) && !whole(from, to - 1)))) expected.emplace_back(from, to);
            }
        }
        const auto instants = spchain::instants_of(pointers, tolerance);
        REQUIRE(instants.size() == expected.size());
        found += instants.size();
        for (std::size_t k = 0; k < instants.size(); ++k) {
            REQUIRE(instants[k].at == expected[k].second);
            REQUIRE(instants[k].spread == expected[k].second - expected[k].first);
            REQUIRE(instants[k].points.size() == volumes.size());
            auto certainty = Verdict::certain;
            for (const auto& point : instants[k].points) {
                REQUIRE(expected[k].first <= point.at);
                REQUIRE(point.at <= expected[k].second);
                REQUIRE(point.verdict >= Verdict::presumed);
                certainty = std::min(certainty, point.exact ? point.verdict : Verdict::presumed);
            }
            REQUIRE(instants[k].certainty == certainty);
        }
    }
    CHECK(found > 2000);
}

TEST_CASE("a night without points is the longest gap, and silence counts from the last") {
    auto c = notation::chain("b1 day=8 i1..i24");
    const auto gaps = spchain::recovery_gaps(c.report.volumes[0], 4 * hour, spchain::no_time, c.now);
    REQUIRE(gaps.longest);
    CHECK(gaps.longest->seconds == 2 * 24 * hour / 9);
    CHECK(gaps.over.size() == 2);
    CHECK(gaps.silence == 3 * hour);
    CHECK(gaps.certainty == Verdict::certain);
    c.remove("i20");
    c.look();
    const auto broken = spchain::recovery_gaps(c.report.volumes[0], 4 * hour, spchain::no_time, c.now);
    CHECK(broken.points == 20);
    CHECK(*broken.silence > 15 * hour);
}

TEST_CASE("a machine's volumes meet at the points that were made together") {
    const auto c = notation::chain("b1 i1..i24");
    auto d = notation::chain("b1 i1..i24 !i7");
    const std::vector<const Volume*> both{&c.report.volumes[0], &d.report.volumes[0]};
    const auto instants = spchain::instants_of(both, 60);
    CHECK(instants.size() == 7);  // the base and six increments; beyond the missing one D cannot be restored
    CHECK(instants.back().spread == 0);
    CHECK(instants.back().certainty == Verdict::certain);
    CHECK(spchain::instants_of({}, 60).empty());
    const Volume none;
    const std::vector<const Volume*> one_empty{both[0], &none};
    CHECK(spchain::instants_of(one_empty, 60).empty());
}

TEST_CASE("times that make no sense overflow nothing") {
    auto c = notation::chain("b1 i1..i6");
    for (std::size_t k = 0; k < c.entries.size(); ++k) c.entries[k].written = k % 2 == 0 ? INT64_MAX : INT64_MIN + 1;
    c.look();
    const std::vector<const Volume*> twice{&c.report.volumes[0], &c.report.volumes[0]};
    CHECK(spchain::recovery_gaps(c.report.volumes[0], 1, spchain::no_time, spchain::no_time).longest->seconds > 1'000'000'000'000);
    CHECK_FALSE(spchain::instants_of(twice, INT64_MAX).empty());
}
