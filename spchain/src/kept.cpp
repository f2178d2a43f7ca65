#include "group.hpp"

#include <algorithm>
#include <optional>

namespace spchain {
namespace {

// A volume whose older files are gone knows the retention; of several such the longest holds, as files are kept longer
// where others depend on them. Volumes that still have all say only how long it is at least.
void take(Kept& kept, const Kept& of_chain) {
    if (of_chain.oldest == no_time) return;
    const bool better = kept.oldest == no_time || (of_chain.trimmed && !kept.trimmed) ||
                        (of_chain.trimmed == kept.trimmed && of_chain.oldest < kept.oldest);
    if (better) kept = of_chain;
}

struct Oldest {
    std::optional<Point> head;
    UnixTime written = no_time;
};

Oldest oldest_of(const Chain& chain, Kind kind) {
    Oldest oldest;
    for (const Image& image : chain.images) {
        if (image.kind != kind || image.written == no_time) continue;
        if (!oldest.head) oldest.head = image.head;  // images ascend by head
        oldest.written = oldest.written == no_time ? image.written : std::min(oldest.written, image.written);
    }
    return oldest;
}

// A consolidation of a higher level that ends before the oldest of this one was made of some that are gone.
bool replaced_before(const Chain& chain, Kind kind, Point head) {
    return std::any_of(chain.images.begin(), chain.images.end(), [&](const Image& image) {
        return is_consolidation(image.kind) && level_of(image.kind) > level_of(kind) && image.head < head;
    });
}

}  // namespace

void learn_kept(const Chain& chain, bool times_lost, KeptLevels& kept) {
    if (times_lost) return;
    if (const auto raw = oldest_of(chain, Kind::incremental); raw.head) {
        take(kept.intra_daily, {raw.written, raw.head->incremental > 1});
    }
    for (const auto& [kind, level] : {std::pair{Kind::daily, &kept.daily}, {Kind::weekly, &kept.weekly}, {Kind::monthly, &kept.monthly}}) {
        if (const auto first = oldest_of(chain, kind); first.head) take(*level, {first.written, replaced_before(chain, kind, *first.head)});
    }
}

}  // namespace spchain
