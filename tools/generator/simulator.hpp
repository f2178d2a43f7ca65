// A backup server's years in memory: hourly increments on working days, nightly dailies, weeklies, monthlies and
// rollings, retention, nights without processing. It knows where every file truly begins, so tests can hold the
// analysis against the truth, and the demo and the benchmarks get folders like real ones. What it is not: part of the
// agent, and no claim of how ImageManager works inside: the two ways in which a month may close are both there.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace generator {

// A small, fast, well-mixed generator with the same numbers on every platform (SplitMix64).
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next();
    std::uint64_t below(std::uint64_t n);  // 0 to n-1; n > 0
    bool chance(double probability);

private:
    std::uint64_t state_;
};

struct Plan {
    std::uint64_t seed = 1;
    std::string volume = "C_VOL";
    std::uint32_t base = 1;
    spchain::Calendar calendar;
    spchain::DayNumber first_day = 20'000;
    int days = 365;
    int first_minute = 8 * 60;  // of the day's first increment
    int last_minute = 18 * 60;  // no increment at or after it
    int interval_minutes = 60;
    int base_minute = 12 * 60;  // the base is made on the first day
    bool weekends_off = false;
    double day_off = 0.0;                  // chance of a day without increments
    double partial_day = 0.0;              // chance of a day cut short
    double night_off = 0.0;                // chance of a night without processing; the next night catches up
    bool months_close_with_weeks = false;  // a month ends with its last week instead of its last day
    bool monthlies = true;                 // false: consolidation of months is switched off, so weeklies stay
    int silent_days = 0;                   // the last days, on which the machine makes no images
    bool stacked_names = false;            // -cd-cw instead of -cw
    bool retention_by_file = false;        // oldest file first instead of whole periods
    spchain::Retention retention;
    int keep_months = 0;  // 0: monthlies stay; else older ones are merged into a rolling
    std::uint64_t base_bytes = 80'000'000'000;
    std::uint64_t increment_bytes = 150'000'000;
};

// One file with its truth.
struct TrueImage {
    spchain::Entry entry;
    spchain::Kind kind = spchain::Kind::full;
    spchain::Point head;
    spchain::Point tail;
    spchain::UnixTime created = 0;
    spchain::UnixTime deleted = INT64_MAX;  // by retention
};

// Everything that ever was, in order of creation.
[[nodiscard]] std::vector<TrueImage> simulate(const Plan& plan);

// Those there at an instant.
[[nodiscard]] std::vector<TrueImage> at(const std::vector<TrueImage>& all, spchain::UnixTime when);

// The instant of a local time of day.
[[nodiscard]] spchain::UnixTime instant(const spchain::Calendar& calendar, spchain::DayNumber day, int minute);

}  // namespace generator
