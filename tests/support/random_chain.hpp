// Small random chains, and answers about them found by trying every path and every set of files. For tests. What it is
// not: fast; chains have some ten points and a dozen images so that trying all is possible.
#pragma once

#include "spchain/folder.hpp"
#include "tools/generator/simulator.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace random_chain {

struct Shape {
    std::uint64_t points = 9;
    std::uint64_t images = 14;  // at most, besides the base
    double no_base = 0.05;
    double settling = 0.05;
    double raw = 0.3;  // chance that an image is the raw increment of its head, whose tail is the number before
};

// Paths, points and orphans are found; blast radii are not.
[[nodiscard]] spchain::Chain make(generator::Random& random, const Shape& shape = {});

// What one image alone allows to be said, by its own fields.
[[nodiscard]] spchain::Verdict strength(const spchain::Image& image);

// Best verdict over every path to `head` that uses none of the images whose bit is set in `lost`.
[[nodiscard]] spchain::Verdict verdict(const spchain::Chain& chain, spchain::Point head, std::uint32_t lost = 0);

// Every path to `head` whose every image is at least so strong, the base first; as bits of its images.
void each_path(const spchain::Chain& chain, spchain::Point head, spchain::Verdict least, const std::function<void(std::uint32_t)>& visit);

[[nodiscard]] std::uint32_t bits(const std::vector<std::uint32_t>& images);

}  // namespace random_chain
