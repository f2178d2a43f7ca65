// Fewer bytes step by step: what must hold after each step on random chains, and the least that can be reached.
#include "spchain/within.hpp"

#include "tests/support/chain_notation.hpp"
#include "tests/support/random_chain.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using spchain::Image;
using spchain::Verdict;

namespace {

bool led_to(const spchain::Chain& chain, const Image& image, std::uint32_t gone) {
    return image.kind == spchain::Kind::full || random_chain::verdict(chain, image.tail, gone) != Verdict::broken;
}

const spchain::PointState* newest(const spchain::Chain& chain, Verdict least) {
    for (auto p = chain.points.rbegin(); p != chain.points.rend(); ++p) {
        if (p->verdict >= least) return &*p;
    }
    return nullptr;
}

std::uint64_t total(const spchain::Chain& chain) {
    std::uint64_t bytes = 0;
    for (const Image& image : chain.images) bytes += image.bytes;
    return bytes;
}

}  // namespace

TEST_CASE("after every step what stays still stands, and no step more than it takes is made") {
    generator::Random random(61);
    int went = 0;
    for (int round = 0; round < 4000; ++round) {
        const auto c = random_chain::make(random);
        const auto all = total(c);
        const auto wanted = random.below(all + 20);
        const auto least = random.chance(0.5) ? Verdict::presumed : Verdict::certain;
        const auto result = spchain::keep_within(c, wanted, least);
        REQUIRE(result.bytes_before == all);
        REQUIRE(result.fits == (result.bytes_after <= wanted));
        const auto* any = newest(c, Verdict::doubtful);
        const auto* sound = newest(c, Verdict::presumed);
        std::uint32_t gone = 0;
        std::uint64_t left = all;
        for (const auto image : result.files) {
            REQUIRE(left > wanted);
            REQUIRE((gone >> image & 1U) == 0);
            REQUIRE(c.images[image].state == spchain::State::present);
            gone |= 1U << image;
            left -= c.images[image].bytes;
            ++went;
            for (std::uint32_t k = 0; k < c.images.size(); ++k) {
                if ((gone >> k & 1U) != 0 || !led_to(c, c.images[k], 0)) continue;
                REQUIRE(led_to(c, c.images[k], gone));
                if (c.images[k].kind == spchain::Kind::full) continue;
                const bool was_sound = random_chain::verdict(c, c.images[k].tail) >= Verdict::presumed;
                if (was_sound) REQUIRE(random_chain::verdict(c, c.images[k].tail, gone) >= Verdict::presumed);
            }
            REQUIRE(random_chain::verdict(c, any->point, gone) >= std::min(any->verdict, least));
            if (sound != nullptr) REQUIRE(random_chain::verdict(c, sound->point, gone) >= std::min(sound->verdict, least));
        }
        REQUIRE(left == result.bytes_after);
        REQUIRE(result.cost.stranded.empty());
        REQUIRE(result.cost.lost_bytes == all - left);
    }
    CHECK(went > 5000);
}

TEST_CASE("without room, only the smallest set of the newest point and the orphans stay") {
    generator::Random random(62);
    for (int round = 0; round < 4000; ++round) {
        const auto c = random_chain::make(random, {.settling = 0.0});
        const auto result = spchain::keep_within(c, 0);
        if (newest(c, Verdict::doubtful) == nullptr) {
            REQUIRE(result.files.empty());
            continue;
        }
        std::uint64_t orphans = 0;
        for (const Image& image : c.images) orphans += led_to(c, image, 0) ? 0 : image.bytes;
        // The smallest way to the newest point; where that one is doubtful, the newest presumed one needs its own besides.
        const auto* point = newest(c, Verdict::doubtful);
        std::uint64_t bytes = UINT64_MAX;
        random_chain::each_path(c, point->point, std::min(point->verdict, Verdict::presumed), [&](std::uint32_t path) {
            std::uint64_t sum = 0;
            for (std::uint32_t k = 0; k < c.images.size(); ++k) sum += (path >> k & 1U) != 0 ? c.images[k].bytes : 0;
            bytes = std::min(bytes, sum);
        });
        if (point->verdict == Verdict::doubtful) {
            REQUIRE(result.bytes_after >= bytes + orphans);
            continue;
        }
        REQUIRE(result.orphan_bytes == orphans);
        REQUIRE(result.bytes_after == bytes + orphans);
        REQUIRE(result.fits == (bytes + orphans == 0));
        REQUIRE(spchain::keep_within(c, bytes + orphans).fits);
    }
}

TEST_CASE("the oldest day gives up its increments first, then the next") {
    const auto c = notation::chain("b1 i1..i60 cd@24 cd@48");
    const auto all = total(c.only());
    CHECK(spchain::keep_within(c.only(), all).files.empty());
    const auto some = spchain::keep_within(c.only(), all - 3000);
    REQUIRE(some.files.size() == 3);
    CHECK(some.fits);
    CHECK(notation::word_of(c.entries[c.only().images[some.files[0]].entry].name) == "i24");
    CHECK(notation::word_of(c.entries[c.only().images[some.files[2]].entry].name) == "i22");
    CHECK(some.cost.points_lost == 2);
    const auto day = spchain::keep_within(c.only(), all - 25'000);
    CHECK(day.files.size() == 25);
    CHECK(notation::word_of(c.entries[c.only().images[day.files[24]].entry].name) == "i48");
}

TEST_CASE("what cannot fit says so and leaves the newest point alone") {
    const auto c = notation::chain("b1 i1..i20");
    const auto result = spchain::keep_within(c.only(), 1000);
    CHECK_FALSE(result.fits);
    CHECK(result.files.empty());
    CHECK(result.bytes_after == result.bytes_before);
}
