// How fast a folder grows, by a slope that a few odd days cannot bend, and the day on which its disk would be full, with a
// range. What it is not: a promise, nor a simulation of the policy; it carries on what the samples show.
#pragma once

#include "spchain/calendar.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace spchain {

struct Sample {
    UnixTime at = no_time;
    std::uint64_t bytes = 0;  // used at that instant
};

// Theil-Sen: the median of the slopes between all pairs of samples. Up to 29 % of the samples may be anything.
struct Growth {
    static constexpr std::size_t least_samples = 7;
    static constexpr std::int64_t least_seconds = 7 * 86'400;
    static constexpr std::size_t most_samples = 150;  // of more, so many evenly spread ones are used; first and last are among them

    bool enough = false;       // below seven samples, or over less than seven days: nothing can be said
    double bytes_per_day = 0;  // may be negative
    double low = 0;            // 90 % range of the slope, by the ranks of the slopes (Sen 1968). It takes the samples for
    double high = 0;           // independent; where they follow each other closely the truth is somewhat wider.
};

// Samples in any order; those without a time are passed over. O(k^2), k at most most_samples, after sorting.
[[nodiscard]] Growth growth_of(std::span<const Sample> samples);

enum class Filling : std::uint8_t {
    not_enough_data,
    never,   // it does not grow; `earliest` tells where the range still allows it
    full,    // there is no room now
    by_day,  // `likely` is set, or more than the horizon away
};

// Days are empty where they do not come: `latest` where the range allows that the disk is never full, and all that lie
// beyond `horizon_days`.
struct DiskFull {
    static constexpr std::int64_t horizon_days = 3650;

    Filling answer = Filling::not_enough_data;
    bool beyond_horizon = false;  // by_day, but more than ten years away
    std::optional<DayNumber> earliest;
    std::optional<DayNumber> likely;
    std::optional<DayNumber> latest;
};

// Never throws; O(1). `free_bytes` at `now`.
[[nodiscard]] DiskFull day_of_full_disk(const Growth& growth, std::uint64_t free_bytes, UnixTime now, const Calendar& calendar);

}  // namespace spchain
