#include "agent/host/timezone.hpp"

namespace imc::host {

std::vector<spchain::OffsetChange> local_offsets(spchain::UnixTime from, spchain::UnixTime to) {
    constexpr spchain::UnixTime step = 7 * 86'400;  // no zone changes twice within a week
    std::vector<spchain::OffsetChange> changes{{from, local_offset(from)}};
    for (auto t = from; t < to; t += step) {
        const auto after = local_offset(t + step);
        if (after == changes.back().offset_seconds) continue;
        auto low = t;
        auto high = t + step;
        while (high - low > 1) {
            const auto middle = low + (high - low) / 2;
            (local_offset(middle) == changes.back().offset_seconds ? low : high) = middle;
        }
        changes.push_back({high, after});
    }
    return changes;
}

}  // namespace imc::host
