#include "agent/host/timezone.hpp"

#include <windows.h>

namespace imc::host {

std::int32_t local_offset(spchain::UnixTime t) {
    constexpr std::int64_t seconds_to_1970 = 11'644'473'600;
    constexpr std::int64_t ticks_per_second = 10'000'000;
    ULARGE_INTEGER ticks{};
    ticks.QuadPart = static_cast<ULONGLONG>((t + seconds_to_1970) * ticks_per_second);
    const FILETIME utc_file{ticks.LowPart, ticks.HighPart};
    SYSTEMTIME utc{};
    SYSTEMTIME local{};
    FILETIME local_file{};
    // The one with the rules of each year; FileTimeToLocalFileTime takes those of today.
    if (!FileTimeToSystemTime(&utc_file, &utc) || !SystemTimeToTzSpecificLocalTimeEx(nullptr, &utc, &local) ||
        !SystemTimeToFileTime(&local, &local_file)) {
        return 0;
    }
    ULARGE_INTEGER local_ticks{};
    local_ticks.LowPart = local_file.dwLowDateTime;
    local_ticks.HighPart = local_file.dwHighDateTime;
    return static_cast<std::int32_t>(static_cast<std::int64_t>(local_ticks.QuadPart) / ticks_per_second - seconds_to_1970 - t);
}

}  // namespace imc::host
