#include "agent/host/timezone.hpp"

#include <windows.h>

namespace imc::host {
namespace {

constexpr std::int64_t epoch_difference = 11'644'473'600;  // 1601-01-01 to 1970-01-01, in seconds

std::int32_t offset_at(spchain::UnixTime t) {
    ULARGE_INTEGER ticks{};
    ticks.QuadPart = static_cast<ULONGLONG>(t + epoch_difference) * 10'000'000ULL;
    const FILETIME utc_file{ticks.LowPart, ticks.HighPart};
    SYSTEMTIME utc{};
    SYSTEMTIME local{};
    FILETIME local_file{};
    if (!FileTimeToSystemTime(&utc_file, &utc) || !SystemTimeToTzSpecificLocalTime(nullptr, &utc, &local) ||
        !SystemTimeToFileTime(&local, &local_file)) {
        return 0;
    }
    ULARGE_INTEGER local_ticks{};
    local_ticks.LowPart = local_file.dwLowDateTime;
    local_ticks.HighPart = local_file.dwHighDateTime;
    const auto seconds = static_cast<std::int64_t>(local_ticks.QuadPart / 10'000'000ULL) - epoch_difference;
    return static_cast<std::int32_t>(seconds - t);
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
