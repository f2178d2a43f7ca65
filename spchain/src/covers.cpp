#include "covers.hpp"

#include "group.hpp"

#include <algorithm>
#include <array>

namespace spchain {
namespace {

// The earliest written image among those whose tail is at most so far: a Fenwick tree over the tails.
class Earliest {
public:
    Earliest(const Chain& chain, std::size_t tails) : chain_(&chain), best_(tails + 1, -1) {}

    void add(std::size_t tail, std::int32_t image) {
        for (auto at = tail + 1; at < best_.size(); at += at & (~at + 1)) best_[at] = earlier(best_[at], image);
    }

    [[nodiscard]] std::int32_t up_to(std::size_t tails) const {
        std::int32_t found = -1;
        for (auto at = tails; at > 0; at -= at & (~at + 1)) found = earlier(found, best_[at]);
        return found;
    }

private:
    [[nodiscard]] std::int32_t earlier(std::int32_t a, std::int32_t b) const {
        if (a < 0 || b < 0) return std::max(a, b);
        const auto written = [this](std::int32_t image) { return chain_->images[static_cast<std::size_t>(image)].written; };
        return written(b) < written(a) ? b : a;
    }

    const Chain* chain_;
    std::vector<std::int32_t> best_;
};

bool may_cover(const Image& image) {
    return is_consolidation(image.kind) && level_of(image.kind) != Level::unknown && image.state != State::settling &&
           image.written != no_time;
}

// 0 raw to 4 rolling; -1: no policy speaks of it.
int rank_of(const Image& image) {
    if (image.kind == Kind::incremental) return 0;
    const bool ranked = is_consolidation(image.kind) && level_of(image.kind) != Level::unknown;
    return ranked ? static_cast<int>(level_of(image.kind)) : -1;
}

}  // namespace

std::vector<std::int32_t> covers_of(const Chain& chain) {
    std::vector<Point> tails;
    for (const Image& image : chain.images) {
        if (may_cover(image)) tails.push_back(image.tail);
    }
    std::sort(tails.begin(), tails.end());
    tails.erase(std::unique(tails.begin(), tails.end()), tails.end());
    const auto below = [&](Point point) {
        return static_cast<std::size_t>(std::lower_bound(tails.begin(), tails.end(), point) - tails.begin());
    };
    const auto up_to = [&](Point point) {
        return static_cast<std::size_t>(std::upper_bound(tails.begin(), tails.end(), point) - tails.begin());
    };
    // By the rank of what is covered; a rolling is covered by one that ends later.
    std::vector<Earliest> by_rank(5, Earliest(chain, tails.size()));
    std::vector<std::int32_t> covers(chain.images.size(), -1);
    for (std::size_t end = chain.images.size(); end > 0;) {
        std::size_t first = end;
        while (first > 0 && chain.images[first - 1].head == chain.images[end - 1].head) --first;
        const auto add = [&](bool rollings) {
            for (std::size_t k = first; k < end; ++k) {
                const Image& image = chain.images[k];
                if (!may_cover(image)) continue;
                const int rank = rank_of(image);
                for (int lower = rollings ? 4 : 0; lower < (rollings ? rank + 1 : rank); ++lower) {
                    by_rank[static_cast<std::size_t>(lower)].add(below(image.tail), static_cast<std::int32_t>(k));
                }
            }
        };
        add(false);
        for (std::size_t k = first; k < end; ++k) {
            const Image& image = chain.images[k];
            const int rank = rank_of(image);
            if (rank >= 0 && image.state != State::settling) covers[k] = by_rank[static_cast<std::size_t>(rank)].up_to(up_to(image.tail));
        }
        add(true);
        end = first;
    }
    return covers;
}

}  // namespace spchain
