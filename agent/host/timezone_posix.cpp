#include "agent/host/timezone.hpp"

#include <ctime>

namespace imc::host {
namespace {

std::int32_t offset_at(spchain::UnixTime t) {
    const auto when = static_cast<std::time_t>(t);
    std::tm local{};
    if (localtime_r(&when, &local) == nullptr) return 0;
    return static_cast<std::int32_t>(local.tm_gmtoff);
}

}  // namespace

std::vector<spchain::OffsetChange> local_offsets(spchain::UnixTime from, spchain::UnixTime to) {
    constexpr spchain::UnixTime step = 7 * 86'400;  // no zone changes twice within a week
    std::vector<spchain::OffsetChange> changes{{from, offset_at(from)}};
    for (auto t = from; t < to; t += step) {
        const auto after = offset_at(t + step);
        if (after == changes.back().offset_seconds) continue;
        auto low = t;
        auto high = t + step;
        while (high - low > 1) {
            const auto middle = low + (high - low) / 2;
            (offset_at(middle) == changes.back().offset_seconds ? low : high) = middle;
        }
        changes.push_back({high, after});
    }
    return changes;
}

}  // namespace imc::host
