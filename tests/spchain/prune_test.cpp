// Prune sets against every set of files there is, and orders of deletion broken off at every step.
#include "spchain/prune.hpp"

#include "tests/support/chain_notation.hpp"
#include "tests/support/random_chain.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using spchain::Verdict;

namespace {

bool all_stay(const spchain::Chain& chain, std::uint32_t gone) {
    return std::all_of(chain.points.begin(), chain.points.end(),
                       [&](const spchain::PointState& state) { return random_chain::verdict(chain, state.point, gone) == state.verdict; });
}

bool led_to(const spchain::Chain& chain, const spchain::Image& image, std::uint32_t gone = 0) {
    return image.kind == spchain::Kind::full || random_chain::verdict(chain, image.tail, gone) != Verdict::broken;
}

}  // namespace

TEST_CASE("no set of files that could all go frees more than the prune set") {
    generator::Random random(21);
    int freed = 0;
    for (int round = 0; round < 1500; ++round) {
        const auto c = random_chain::make(random, {.points = 6, .images = 9});
        for (const auto least : {Verdict::presumed, Verdict::certain}) {
            const auto set = spchain::largest_prune_set(c, least);
            const auto mask = random_chain::bits(set.files);
            REQUIRE(all_stay(c, mask));
            std::uint32_t candidates = 0;
            for (std::uint32_t k = 0; k < c.images.size(); ++k) {
                const auto* state = c.find(c.images[k].head);
                const bool settled = c.images[k].state != spchain::State::settling;
                if (settled && state != nullptr && state->verdict >= least && led_to(c, c.images[k])) candidates |= 1U << k;
                const bool orphan = std::find(set.orphans.begin(), set.orphans.end(), k) != set.orphans.end();
                REQUIRE(orphan == (settled && !led_to(c, c.images[k])));
            }
            REQUIRE((mask & ~candidates) == 0);
            std::uint64_t most = 0;
            for (std::uint32_t subset = candidates;; subset = (subset - 1) & candidates) {
                std::uint64_t bytes = 0;
                for (std::uint32_t k = 0; k < c.images.size(); ++k) bytes += (subset >> k & 1U) != 0 ? c.images[k].bytes : 0;
                if (bytes > most && all_stay(c, subset)) most = bytes;
                if (subset == 0) break;
            }
            REQUIRE(set.bytes == most);
            if (most > 0) ++freed;
            auto certainty = Verdict::certain;
            for (const auto image : set.files) certainty = std::min(certainty, c.find(c.images[image].head)->verdict);
            REQUIRE(set.certainty == certainty);
            REQUIRE(set.certainty >= least);
        }
    }
    CHECK(freed > 300);
}

TEST_CASE("a prune set asked to be certain is safe wherever inferred tails truly are") {
    generator::Random random(22);
    int checked = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto c = random_chain::make(random, {.settling = 0.0});
        const auto set = spchain::largest_prune_set(c, Verdict::certain);
        if (set.files.empty()) continue;
        ++checked;
        auto truth = c;
        for (auto& image : truth.images) {
            const bool guessed = image.basis == spchain::Basis::inferred || image.suspicious;
            if (guessed) image.tail = {0, static_cast<std::uint32_t>(random.below(image.head.incremental))};
            image.basis = spchain::Basis::named;
            image.suspicious = false;
        }
        for (const auto& state : truth.points) {
            const bool before = random_chain::verdict(truth, state.point) != Verdict::broken;
            const bool after = random_chain::verdict(truth, state.point, random_chain::bits(set.files)) != Verdict::broken;
            REQUIRE(before == after);
        }
    }
    CHECK(checked > 500);
}

TEST_CASE("whenever a deletion is broken off, nothing hangs in the air that would not at the end") {
    generator::Random random(23);
    for (int round = 0; round < 3000; ++round) {
        const auto c = random_chain::make(random, {.settling = 0.0});
        std::vector<std::uint32_t> files;
        for (std::uint32_t k = 0; k < c.images.size(); ++k) {
            if (random.chance(0.4)) files.push_back(k);
        }
        const auto all = random_chain::bits(files);
        std::reverse(files.begin(), files.end());
        std::rotate(files.begin(), files.begin() + static_cast<std::ptrdiff_t>(files.size() / 2), files.end());
        files.push_back(files.empty() ? 5000 : files.front());
        const auto order = spchain::deletion_order(c, files);
        REQUIRE(random_chain::bits(order) == all);
        std::uint32_t gone = 0;
        for (const auto image : order) {
            REQUIRE((gone >> image & 1U) == 0);
            gone |= 1U << image;
            for (std::uint32_t k = 0; k < c.images.size(); ++k) {
                if ((gone >> k & 1U) != 0 || !led_to(c, c.images[k])) continue;
                const bool at_the_end = (all >> k & 1U) != 0 || led_to(c, c.images[k], all);
                if (at_the_end) REQUIRE(led_to(c, c.images[k], gone));
            }
        }
    }
}

TEST_CASE("of an increment and a consolidation that each could go, the set holds one") {
    const auto c = notation::chain("b1 i1..i24 cd@24");
    const auto set = spchain::largest_prune_set(c.only());
    REQUIRE(set.files.size() == 1);
    CHECK(notation::word_of(c.entries[c.only().images[set.files[0]].entry].name) == "cd@24");
    CHECK(set.bytes == 3000);
    const auto nothing = notation::chain("b1 i1..i5");
    CHECK(spchain::largest_prune_set(nothing.only()).files.empty());
}

TEST_CASE("what a lost file left behind is an orphan and no part of the set") {
    const auto c = notation::chain("b1 i1..i10 cd@10 i11..i15 !i4");
    const auto set = spchain::largest_prune_set(c.only(), Verdict::presumed);
    CHECK(set.files.empty());
    CHECK(set.orphans.size() == 6);
    CHECK(set.orphan_bytes == 6000);
}
