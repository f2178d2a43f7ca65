#include "agent/host/timezone.hpp"

#include <windows.h>

namespace imc::host {
namespace {

constexpr std::int64_t seconds_to_1970 = 11'644'473'600;
constexpr std::int64_t ticks_per_second = 10'000'000;

bool as_utc(spchain::UnixTime t, SYSTEMTIME& utc) {
    ULARGE_INTEGER ticks{};
    ticks.QuadPart = static_cast<ULONGLONG>((t + seconds_to_1970) * ticks_per_second);
    const FILETIME file{ticks.LowPart, ticks.HighPart};
    return FileTimeToSystemTime(&file, &utc) != 0;
}

// By the rules of that year, which today's need not be.
bool as_local(const SYSTEMTIME& utc, USHORT year, SYSTEMTIME& local) {
    TIME_ZONE_INFORMATION zone{};
    return GetTimeZoneInformationForYear(year, nullptr, &zone) && SystemTimeToTzSpecificLocalTime(&zone, &utc, &local);
}

}  // namespace

std::int32_t local_offset(spchain::UnixTime t) {
    SYSTEMTIME utc{};
    SYSTEMTIME local{};
    FILETIME file{};
    if (!as_utc(t, utc) || !as_local(utc, utc.wYear, local)) return 0;
    if (local.wYear != utc.wYear && !as_local(utc, local.wYear, local)) return 0;
    if (!SystemTimeToFileTime(&local, &file)) return 0;
    ULARGE_INTEGER ticks{};
    ticks.LowPart = file.dwLowDateTime;
    ticks.HighPart = file.dwHighDateTime;
    return static_cast<std::int32_t>(static_cast<std::int64_t>(ticks.QuadPart) / ticks_per_second - seconds_to_1970 - t);
}

}  // namespace imc::host
