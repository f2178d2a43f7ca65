// Which images to check first when there is not time for all: those that most restore points hang on, and those that were not
// checked for long. What it is not: a schedule, or a reader of anything. Pure.
#pragma once

#include "spchain/calendar.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace imc::verify {

using spchain::UnixTime;

struct Candidate {
    std::string folder_id;
    std::string volume_id;
    std::string name;
    std::uint64_t bytes = 0;
    UnixTime written = spchain::no_time;
    std::uint32_t blast_radius = 0;  // points that only this image keeps reachable
    UnixTime checked = 0;            // last; 0: never
    bool failed = false;             // the last comparison was a mismatch: it is looked at again before all others
};

struct Budget {
    std::uint64_t bytes = UINT64_MAX;
    std::size_t images = SIZE_MAX;
    std::int64_t again_seconds = 0;  // what was good needs no new check for so long
};

// (1 + blast radius) times the age of the last check. An image that was never checked counts as unchecked since it was written and
// thirty days more.
[[nodiscard]] double urgency(const Candidate& candidate, UnixTime now) noexcept;

// The most urgent that fit, most urgent first; one that does not fit leaves its place to smaller ones. The very first is taken even
// where it alone is larger than the budget: it would never have its turn. Equals by folder and name. O(n log n).
[[nodiscard]] std::vector<Candidate> plan(std::vector<Candidate> candidates, const Budget& budget, UnixTime now);

}  // namespace imc::verify
