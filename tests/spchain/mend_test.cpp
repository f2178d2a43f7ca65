// Mends against every set of absent files, and on chains made for them.
#include "spchain/mend.hpp"

#include "tests/support/chain_notation.hpp"
#include "tests/support/random_chain.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <set>

using spchain::Image;
using spchain::Kind;
using spchain::Point;
using spchain::Verdict;

namespace {

// The images that absent files would be.
std::vector<Image> absent_images(const spchain::Chain& chain, const std::vector<Image>& remembered, std::uint32_t most) {
    std::vector<Image> absent = remembered;
    std::set<Point> raw;
    bool full = false;
    for (const auto& image : chain.images) {
        if (image.kind == Kind::full) full = true;
        if (image.kind == Kind::incremental) raw.insert(image.head);
    }
    if (!full) absent.emplace_back();
    for (std::uint32_t n = 1; n <= most; ++n) {
        if (raw.contains({0, n})) continue;
        Image image;
        image.kind = Kind::incremental;
        image.head = {0, n};
        image.tail = {0, n - 1};
        absent.push_back(image);
    }
    return absent;
}

// Fewest of them that give the point the verdict, by trying every set.
std::optional<int> fewest(const spchain::Chain& chain, const std::vector<Image>& absent, Point point, Verdict goal) {
    std::optional<int> best;
    for (std::uint32_t set = 0; set < 1U << absent.size(); ++set) {
        const int count = __builtin_popcount(set);
        if (best && count >= *best) continue;
        spchain::Chain with;
        with.images = chain.images;
        for (std::size_t k = 0; k < absent.size(); ++k) {
            if ((set >> k & 1U) != 0) with.images.push_back(absent[k]);
        }
        if (random_chain::verdict(with, point) >= goal) best = count;
    }
    return best;
}

}  // namespace

TEST_CASE("no set of absent files smaller than the mend makes the point whole") {
    generator::Random random(31);
    int mended = 0;
    for (int round = 0; round < 1500; ++round) {
        const auto c = random_chain::make(random, {.points = 3, .images = 7, .no_base = 0.2});
        std::vector<spchain::Memory> memory;
        std::vector<Image> remembered;
        for (std::uint64_t k = random.below(3); k > 0; --k) {
            const auto head = 1 + static_cast<std::uint32_t>(random.below(4));
            Image image;
            image.kind = Kind::daily;
            image.head = {0, head};
            image.tail = {0, static_cast<std::uint32_t>(random.below(head))};
            image.basis = random.chance(0.5) ? spchain::Basis::inferred : spchain::Basis::attested;
            remembered.push_back(image);
            spchain::Memory gone;
            gone.name = "c_vol-b001-i00" + std::to_string(head) + "-cd.spi";
            gone.vanished = 5;
            gone.tail = image.tail;
            gone.has_tail = true;
            gone.basis = image.basis;
            memory.push_back(gone);
        }
        const auto absent = absent_images(c, remembered, 4);
        for (std::uint32_t n = 0; n <= 4; ++n) {
            for (const auto goal : {Verdict::doubtful, Verdict::presumed, Verdict::certain}) {
                const auto expected = fewest(c, absent, {0, n}, goal);
                const auto found = spchain::mend(c, "C_VOL", memory, {0, n}, goal);
                REQUIRE(found.has_value() == expected.has_value());
                if (!found) continue;
                REQUIRE(found->count == static_cast<std::uint64_t>(*expected));
                if (found->count > 0) ++mended;
                spchain::Chain with;
                with.images = c.images;
                std::uint64_t count = 0;
                for (const auto& file : found->files) {
                    for (auto number = file.first.incremental; number <= file.last.incremental; ++number, ++count) {
                        Image image;
                        image.kind = file.kind;
                        image.head = {0, number};
                        image.tail = {0, number > 0 ? number - 1 : 0};
                        if (file.kind == Kind::daily) {
                            const auto at = std::find_if(remembered.begin(), remembered.end(), [&](const Image& gone) {
                                return gone.head == file.first && random_chain::strength(gone) >= goal;
                            });
                            REQUIRE(at != remembered.end());
                            // Two that end at one point differ in their tails: the one furthest back serves best.
                            image = *std::min_element(remembered.begin(), remembered.end(), [&](const Image& a, const Image& b) {
                                const auto fits = [&](const Image& i) { return i.head == file.first && random_chain::strength(i) >= goal; };
                                return fits(a) != fits(b) ? fits(a) : a.tail < b.tail;
                            });
                        }
                        with.images.push_back(image);
                    }
                }
                REQUIRE(count == found->count);
                const auto better_or_same_name = remembered.size() < 2;
                if (better_or_same_name) REQUIRE(random_chain::verdict(with, {0, n}) >= found->verdict);
                REQUIRE(found->verdict >= goal);
            }
        }
    }
    CHECK(mended > 3000);
}

TEST_CASE("one increment brings back a day, and it is named") {
    const auto c = notation::chain("b1 i1..i30 !i20");
    const auto found = spchain::mend(c.only(), "C_VOL", {}, {0, 25});
    REQUIRE(found);
    CHECK(found->count == 1);
    CHECK(found->verdict == Verdict::certain);
    REQUIRE(found->files.size() == 1);
    CHECK(found->files[0].name == "C_VOL-b001-i020.spi");
    const auto before = spchain::mend(c.only(), "C_VOL", {}, {0, 19});
    REQUIRE(before);
    CHECK(before->count == 0);
    CHECK(before->files.empty());
}

TEST_CASE("a base that is missing is the first to bring back") {
    const auto c = notation::chain("b1 i1..i5 !b1");
    const auto found = spchain::mend(c.only(), "C_VOL", {}, {0, 5});
    REQUIRE(found);
    CHECK(found->count == 1);
    CHECK(found->files[0].name == "C_VOL-b001.spf");
}

TEST_CASE("a gap of billions of numbers is one run") {
    const auto c = notation::chain("b1 i1 i4294967290");
    const auto found = spchain::mend(c.only(), "C_VOL", {}, {0, 4'294'967'290U});
    REQUIRE(found);
    CHECK(found->count == 4'294'967'288ULL);
    REQUIRE(found->files.size() == 1);
    CHECK(found->files[0].first == Point{0, 2});
    CHECK(found->files[0].last == Point{0, 4'294'967'289U});
}

TEST_CASE("a remembered consolidation is one file instead of a day of increments") {
    auto c = notation::chain("b1 i1..i48 cd@24 cd@48");
    c.look_again();
    for (int k = 1; k <= 24; ++k) c.remove("i" + std::to_string(k));
    c.look_again();
    c.remove("cd@24");
    c.look_again();
    REQUIRE(c.verdict("i48") == Verdict::broken);
    const auto found = spchain::mend(c.only(), "c_vol", c.report.memory, {0, 48});
    REQUIRE(found);
    CHECK(found->count == 1);
    CHECK(found->verdict == Verdict::presumed);
    CHECK(found->files[0].name == "C_VOL-b001-i024-cd.spi");
    const auto sure = spchain::mend(c.only(), "C_VOL", c.report.memory, {0, 48}, Verdict::certain);
    REQUIRE(sure);
    CHECK(sure->count == 24);
}

TEST_CASE("differentials count as files of their own") {
    const auto c = notation::chain("b1 d1 i1..i4 !d1");
    const auto found = spchain::mend(c.only(), "C_VOL", {}, {1, 4});
    REQUIRE(found);
    CHECK(found->count == 1);
    CHECK(found->files[0].name == "C_VOL-b001-d001.spi");
    CHECK(found->files[0].kind == Kind::differential);
}
