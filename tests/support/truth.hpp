// The truth about a simulated folder, and how an analysis compares with it. For tests. What it is not: an analysis.
#pragma once

#include "spchain/folder.hpp"
#include "tools/generator/simulator.hpp"

#include <cstdint>
#include <vector>

namespace truth {

// How many points of each verdict there were among those that can truly be reached, and those that cannot.
struct Score {
    std::uint64_t reachable[4] = {};
    std::uint64_t unreachable[4] = {};
    void add(const Score& other);
    [[nodiscard]] std::uint64_t all_reachable() const;
    [[nodiscard]] std::uint64_t all_unreachable() const;
};

// Heads of the files that are there, by whether the true tails lead to them.
struct Reached {
    spchain::Point point;
    bool reachable = false;
};
[[nodiscard]] std::vector<Reached> reach(const std::vector<generator::TrueImage>& files);

[[nodiscard]] std::vector<spchain::Entry> listing(const std::vector<generator::TrueImage>& files);

// Analyses `files` (of one chain) and holds each point against the truth.
[[nodiscard]] Score compare(const std::vector<generator::TrueImage>& files, const spchain::FolderInput& input);

// Loses `count` files at random; the base is never among them unless `base_too`.
void lose(std::vector<generator::TrueImage>& files, std::size_t count, generator::Random& random, bool base_too = false);

// A plausible server drawn by chance.
[[nodiscard]] generator::Plan random_plan(std::uint64_t seed);

}  // namespace truth
