// Verdicts, restore sets and blast radii against exhaustive search on random graphs of points and images.
#include "spchain/src/group.hpp"
#include "tools/generator/simulator.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>

using spchain::Basis;
using spchain::Chain;
using spchain::Image;
using spchain::Kind;
using spchain::Point;
using spchain::State;
using spchain::Verdict;

namespace {

Chain random_chain(generator::Random& random) {
    Chain chain;
    chain.base = 1;
    const auto points = 2 + random.below(9);
    const auto images = 1 + random.below(14);
    if (!random.chance(0.05)) {
        Image base;
        base.bytes = 100;
        base.kind = Kind::full;
        chain.images.push_back(base);
    }
    for (std::uint64_t k = 0; k < images; ++k) {
        Image image;
        const auto head = 1 + static_cast<std::uint32_t>(random.below(points));
        image.head = {0, head};
        image.tail = {0, static_cast<std::uint32_t>(random.below(head))};
        image.kind = Kind::daily;
        image.bytes = random.below(20);
        image.basis = random.chance(0.4) ? Basis::inferred : Basis::named;
        image.suspicious = random.chance(0.15);
        image.state = random.chance(0.05) ? State::settling : State::present;
        chain.images.push_back(image);
    }
    std::stable_sort(chain.images.begin(), chain.images.end(), [](const Image& a, const Image& b) { return a.head < b.head; });
    return chain;
}

struct Best {
    Verdict verdict = Verdict::broken;
    std::uint64_t bytes = 0;
    std::uint32_t files = 0;
};

Verdict strength(const Image& image) {
    if (image.suspicious || image.state == State::settling) return Verdict::doubtful;
    return image.basis == Basis::inferred ? Verdict::presumed : Verdict::certain;
}

bool better(const Best& a, const Best& b) {
    if (a.verdict != b.verdict) return a.verdict > b.verdict;
    return a.bytes != b.bytes ? a.bytes < b.bytes : a.files < b.files;
}

// Every path, one after the other. `without` is an image that is lost.
void walk(const Chain& chain, std::optional<std::size_t> without, Point at, Best so_far, Point goal, Best& best) {
    if (at == goal && so_far.files > 0) {
        if (best.files == 0 || better(so_far, best)) best = so_far;
    }
    for (std::size_t k = 0; k < chain.images.size(); ++k) {
        const Image& image = chain.images[k];
        if (k == without || image.kind == Kind::full || image.tail != at) continue;
        Best next{std::min(so_far.verdict, strength(image)), so_far.bytes + image.bytes, so_far.files + 1};
        walk(chain, without, image.head, next, goal, best);
    }
}

Best search(const Chain& chain, Point goal, std::optional<std::size_t> without = {}) {
    Best best;
    for (std::size_t k = 0; k < chain.images.size(); ++k) {
        const Image& image = chain.images[k];
        if (k == without || image.kind != Kind::full) continue;
        walk(chain, without, {}, {strength(image), image.bytes, 1}, goal, best);
    }
    if (best.files == 0) best.verdict = Verdict::broken;
    return best;
}

}  // namespace

TEST_CASE("verdicts and restore sets equal exhaustive search") {
    generator::Random random(1);
    for (int round = 0; round < 6000; ++round) {
        Chain chain = random_chain(random);
        spchain::find_paths(chain);
        for (const auto& state : chain.points) {
            const Best best = search(chain, state.point);
            REQUIRE(state.verdict == best.verdict);
            if (best.verdict == Verdict::broken) {
                REQUIRE(chain.restore_set(state.point).empty());
                continue;
            }
            REQUIRE(state.restore_bytes == best.bytes);
            REQUIRE(state.restore_files == best.files);
            const auto set = chain.restore_set(state.point);
            REQUIRE(set.size() == best.files);
            Point at{};
            Verdict weakest = Verdict::certain;
            std::uint64_t bytes = 0;
            for (const auto index : set) {
                const Image& image = chain.images[index];
                REQUIRE((image.kind == Kind::full || image.tail == at));
                at = image.head;
                bytes += image.bytes;
                weakest = std::min(weakest, strength(image));
            }
            REQUIRE(at == state.point);
            REQUIRE(bytes == best.bytes);
            REQUIRE(weakest == best.verdict);
        }
    }
}

TEST_CASE("the blast radius equals losing the file and counting again") {
    generator::Random random(2);
    for (int round = 0; round < 6000; ++round) {
        Chain chain = random_chain(random);
        for (auto& image : chain.images) image.state = State::present;
        spchain::find_paths(chain);
        spchain::find_blast_radii(chain);
        for (std::size_t k = 0; k < chain.images.size(); ++k) {
            std::uint32_t lost = 0;
            for (const auto& state : chain.points) {
                const bool before = state.verdict != Verdict::broken;
                if (before && search(chain, state.point, k).verdict == Verdict::broken) ++lost;
            }
            REQUIRE(chain.images[k].blast_radius == lost);
        }
    }
}
