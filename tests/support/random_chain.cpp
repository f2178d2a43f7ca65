#include "tests/support/random_chain.hpp"

#include "spchain/src/group.hpp"

#include <algorithm>

namespace random_chain {
namespace {

using spchain::Image;
using spchain::Kind;
using spchain::Verdict;

void walk(const spchain::Chain& chain, spchain::Point head, Verdict least, std::uint32_t taken,
          const std::function<void(std::uint32_t)>& visit) {
    for (std::size_t k = 0; k < chain.images.size(); ++k) {
        const Image& image = chain.images[k];
        if (image.head != head || strength(image) < least) continue;
        const auto with = taken | 1U << k;
        if (image.kind == Kind::full) {
            visit(with);
        } else if (image.tail < head) {
            walk(chain, image.tail, least, with, visit);
        }
    }
}

}  // namespace

spchain::Chain make(generator::Random& random, const Shape& shape) {
    spchain::Chain chain;
    chain.base = 1;
    const auto points = 2 + random.below(shape.points);
    const auto images = 1 + random.below(shape.images);
    const auto fulls = random.chance(shape.no_base) ? 0 : random.chance(0.05) ? 2 : 1;
    for (int k = 0; k < fulls; ++k) {
        Image base;
        base.bytes = 100;
        chain.images.push_back(base);
    }
    const Kind kinds[] = {Kind::daily, Kind::weekly, Kind::monthly, Kind::rolling};
    for (std::uint64_t k = 0; k < images; ++k) {
        Image image;
        const auto head = 1 + static_cast<std::uint32_t>(random.below(points));
        const bool raw = random.chance(shape.raw);
        image.head = {0, head};
        image.tail = {0, raw ? head - 1 : static_cast<std::uint32_t>(random.below(head))};
        image.kind = raw ? Kind::incremental : kinds[random.below(4)];
        image.bytes = random.below(20);
        image.basis = !raw && random.chance(0.5) ? spchain::Basis::inferred : spchain::Basis::named;
        image.suspicious = !raw && random.chance(0.15);
        image.state = random.chance(shape.settling) ? spchain::State::settling : spchain::State::present;
        image.written = 1'000'000 + static_cast<spchain::UnixTime>(head) * 1000 + static_cast<spchain::UnixTime>(random.below(900));
        chain.images.push_back(image);
    }
    std::stable_sort(chain.images.begin(), chain.images.end(), [](const Image& a, const Image& b) { return a.head < b.head; });
    spchain::find_paths(chain);
    return chain;
}

Verdict strength(const Image& image) {
    if (image.suspicious || image.state == spchain::State::settling) return Verdict::doubtful;
    return image.basis == spchain::Basis::inferred ? Verdict::presumed : Verdict::certain;
}

Verdict verdict(const spchain::Chain& chain, spchain::Point head, std::uint32_t lost) {
    Verdict best = Verdict::broken;
    for (const auto least : {Verdict::doubtful, Verdict::presumed, Verdict::certain}) {
        walk(chain, head, least, 0, [&](std::uint32_t path) {
            if ((path & lost) == 0) best = std::max(best, least);
        });
    }
    return best;
}

void each_path(const spchain::Chain& chain, spchain::Point head, Verdict least, const std::function<void(std::uint32_t)>& visit) {
    walk(chain, head, least, 0, visit);
}

std::uint32_t bits(const std::vector<std::uint32_t>& images) {
    std::uint32_t set = 0;
    for (const auto image : images) set |= 1U << image;
    return set;
}

}  // namespace random_chain
