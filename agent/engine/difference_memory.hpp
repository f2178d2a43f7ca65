// Since when records and disk differ: ImageManager's database may be minutes behind the disk, and a finding that comes and goes
// with that would be noise. What it is not: a comparison. Plain values, one thread.
#pragma once

#include "agent/imagemanager/compare.hpp"

#include <map>
#include <set>
#include <string>

namespace imc::engine {

class DifferenceMemory {
public:
    // Differences of `folder` that lasted for `lag` seconds, with what else the comparison says; those that are new are
    // remembered from `now` on, those that are gone are forgotten. Images that were written since the last nightly processing are
    // not yet unknown to ImageManager.
    [[nodiscard]] imagemanager::Comparison lasting(const std::string& folder, imagemanager::Comparison found, std::int64_t now,
                                                   std::int64_t lag);
    // A finding of this code was open when the agent started, so what is behind it has lasted.
    void told_before(const std::string& folder, const std::string& code) { told_.insert({folder, code}); }
    // Nothing was compared before of these any more.
    void keep(const std::set<std::string>& folders);
    void first_round_done() { told_.clear(); }

private:
    std::map<std::string, std::map<std::string, std::int64_t>> since_;  // by folder, then by kind and name
    std::set<std::pair<std::string, std::string>> told_;
};

}  // namespace imc::engine
