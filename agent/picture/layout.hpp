// The geometry of a chain on so many columns (pixels or characters): neighbours too narrow to be seen are merged, so that
// the number of things to draw is bounded by the width and not by files. What it is not: a drawing. Pure.
//
// Where things of different kinds fall together, the worst is shown: a picture never looks healthier than the chain.
#pragma once

#include "agent/picture/view.hpp"

#include <cstdint>
#include <vector>

namespace imc::picture {

// Better to worse.
enum class Look : std::uint8_t {
    known,     // the tail is named, observed or attested
    inferred,  // the tail is computed
    settling,  // still being written
    doubtful,  // calendar or numbering contradict the tail, or verification or records the image
    orphan,    // nothing leads to the tail
    refused,   // damaged, or of a chain that is said to be incomplete from there on
    missing,   // not there at all
};
[[nodiscard]] Look look_of(const spchain::Image& image) noexcept;

// One bar, or neighbours that became one. `from` and `to` are columns.
struct Block {
    Lane lane = Lane::full;
    Look look = Look::known;
    bool in_set = false;   // of the restore set of the chosen point, or some of them
    std::uint8_t row = 0;  // within its lane, where bars overlap
    double from = 0, to = 0;
    std::uint32_t first = 0, last = 0;  // indices into Chain::images, or into the missing files where look is missing
    std::uint64_t count = 0;            // files
    std::uint64_t bytes = 0;
    std::uint32_t blast_radius = 0;  // the largest of them
};

// Neighbouring points of one verdict.
struct Stretch {
    spchain::Verdict verdict = spchain::Verdict::broken;
    double from = 0, to = 0;
    std::uint32_t first = 0, last = 0;  // indices into Chain::points
    std::uint64_t count = 0;
};

struct LaneSum {
    Lane lane = Lane::full;
    std::uint8_t rows = 1;  // bars that overlap lie in up to `most_rows` rows
    std::uint64_t images = 0;
    std::uint64_t bytes = 0;
    std::uint64_t missing = 0;  // files
};
inline constexpr std::uint8_t most_rows = 3;

struct LayoutOptions {
    Axis axis = Axis::sequence;
    double columns = 1000;  // from the tail of the first image to the last point; a full takes `stub` columns left of 0
    double least = 3;       // what is narrower is merged with its neighbours
    double stub = 7;
    bool blast = false;
};

struct Layout {
    std::vector<LaneSum> lanes;        // those in use, from top to bottom
    std::vector<Block> blocks;         // by lane, then row, then from left to right
    std::vector<Stretch> strip;        // from left to right
    double mark = 1;                   // columns that one point takes, left of its place
    std::vector<std::uint32_t> blast;  // per column from -stub on the largest blast radius; empty: not asked for
    std::uint32_t largest_blast = 0;
};

// O(n log n).
[[nodiscard]] Layout layout_of(const View& view, const LayoutOptions& options);

}  // namespace imc::picture
