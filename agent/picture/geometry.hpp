// Where the images and points of a chain lie in its picture: a flame chart. A lane for each kind, a bar from tail to head
// for each image, a mark for each restore point, hatched bars for what is missing. Everything that is shown, as text, as
// SVG, as JSON in a browser, is printed from this, so that terminal, report and page never disagree. What it is not: a
// drawing, and no analysis; what it shows was decided by spchain. Pure: no clock, no files, no JSON.
//
// The horizontal axis is a step for each number ("sequence") or the time ("time"). Vertices are all points that an image
// or a missing file begins or ends at; they ascend, so that a loop over bars (ascending by head) is a topological order.
#pragma once

#include "agent/picture/missing.hpp"
#include "spchain/folder.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace imc::picture {

// From top to bottom.
enum class Lane : std::uint8_t { full, differential, rolling, monthly, weekly, daily, consolidated, increments };
inline constexpr std::size_t lane_count = 8;
[[nodiscard]] std::string_view to_string(Lane) noexcept;  // the enumerator's name
[[nodiscard]] Lane lane_of(spchain::Kind) noexcept;

enum class Axis : std::uint8_t { sequence, time };

struct Vertex {
    spchain::Point point;
    double step = 0;                            // steps from the left; increments of a differential follow those of the one before
    spchain::UnixTime time = spchain::no_time;  // of the earliest file that ends here, else interpolated; never runs backwards
                                                // within a differential. no_time: Geometry::timed is false
};

struct Bar {
    Lane lane = Lane::full;
    std::int32_t tail = -1;  // a vertex; -1: a full, which begins with nothing and is drawn at its head
    std::int32_t head = 0;   // a vertex
    // What the image alone allows to be said of a path through it: a point's verdict is the best of all images that lead
    // to it, each the lower of its own strength and the verdict of its tail.
    spchain::Verdict strength = spchain::Verdict::broken;
};

// The numbers of one differential (0: of the base itself), which have a stretch of the sequence of their own.
struct Segment {
    std::uint32_t differential = 0;
    double from = 0, to = 0;  // steps of its number 0 and of its last number
};

struct Geometry {
    std::vector<Vertex> vertices;     // ascending by point
    std::vector<Bar> bars;            // same indices as Chain::images
    std::vector<Bar> holes;           // same indices as the missing files that were handed in; `strength` as if they came back
    std::vector<std::int32_t> marks;  // per point of the chain its vertex
    std::vector<Segment> segments;    // ascending; empty: nothing to draw
    double steps = 0;                 // between left and right; 0: the base alone
    bool timed = false;               // the files' times can be used; false: all equal, lost, or nothing is there
    spchain::UnixTime from = spchain::no_time, to = spchain::no_time;  // of all vertices, where timed

    // 0 (left) to 1 (right). Axis::time is Axis::sequence where nothing is timed.
    [[nodiscard]] double place(std::int32_t vertex, Axis axis) const noexcept;
    [[nodiscard]] double begin(const Bar& bar, Axis axis) const noexcept { return place(bar.tail < 0 ? bar.head : bar.tail, axis); }
    [[nodiscard]] double end(const Bar& bar, Axis axis) const noexcept { return place(bar.head, axis); }
};

// Of the chain only images (kind, head, tail, basis, state, suspicious) and points (point, written) are read, so it may be
// one that was read from JSON. O(n log n).
[[nodiscard]] Geometry geometry_of(const spchain::Chain& chain, std::span<const Missing> missing);

}  // namespace imc::picture
