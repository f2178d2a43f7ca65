// Large trees for measuring: many folders of chains as they are after months, or one long chain. Files are sparse and
// have times of their own; sidecars hold nothing readable. What it is not: a server with defects (demo.hpp).
#pragma once

#include "tools/generator/tree.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace generator {

struct BenchOptions {
    spchain::UnixTime now = 0;
    std::uint64_t seed = 1;
    spchain::Calendar calendar;
    std::uint64_t folders = 1;
    std::uint64_t total = 0;    // of all folders together, exactly
    bool count_images = false;  // `total` counts images only; else every file: images, digests, bitmaps, others
};

// Hands over one directory after the other, so that only one is in memory; gives the managed folders.
[[nodiscard]] Tree make_bench(const BenchOptions& options, const std::function<void(const Directory&)>& take);

// `images` images of one chain that lost nothing to retention, the newest from within two days of `now`, and their digests.
[[nodiscard]] Directory make_long_chain(const BenchOptions& options, std::uint64_t images);

}  // namespace generator
