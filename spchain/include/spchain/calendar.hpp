// The calendar by which ImageManager closes days, weeks and months: local days, a configurable week
// end and a configurable month end. What it is not: a clock or a time zone database; the offsets from
// UTC are handed in as data, so that the same listing gives the same answer everywhere.
#pragma once

#include <cstdint>
#include <vector>

namespace spchain {

using UnixTime = std::int64_t;   // seconds since 1970-01-01T00:00:00Z
using DayNumber = std::int32_t;  // local calendar days since 1970-01-01, a Thursday

inline constexpr UnixTime no_time = INT64_MIN;  // "not known"

struct OffsetChange {
    UnixTime from;                // valid from this instant
    std::int32_t offset_seconds;  // local time minus UTC
};

// Plain data; copyable; every function is pure and never throws. Times and days beyond the years -32000
// to 32000 count as the first or last day of these, a week end is taken modulo 7, a month end is held to 1 to 31.
struct Calendar {
    std::vector<OffsetChange> offsets;  // ascending; the first also holds before it; empty: UTC
    int week_end = 6;                   // last day of a week, 0 Sunday to 6 Saturday (ImageManager's default)
    int month_end = 31;                 // last day of a month, 1 to 31; shorter months end on their last day

    [[nodiscard]] DayNumber day_of(UnixTime t) const noexcept;          // the local day that holds t; O(log offsets)
    [[nodiscard]] DayNumber week_start(DayNumber day) const noexcept;   // first day of the week that holds day
    [[nodiscard]] DayNumber month_start(DayNumber day) const noexcept;  // first day of the month period that holds day
};

}  // namespace spchain
