// A chain as a plain graph for the analyses: one vertex per head, one edge per image, and nothing else. Internal. What it
// is not: the chain's own answer; heads that only settling files have are vertices here and no points there.
//
// Vertex 0 stands before the base. Vertices ascend with their points and edges with their heads, so that every loop
// over them is a topological order.
#pragma once

#include "spchain/folder.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace spchain {

struct Edge {
    std::int32_t tail = -1;  // a vertex; -1: nowhere, the image leads from what no file of this chain ends with
    std::int32_t head = 0;   // a vertex, above 0
    Verdict strength = Verdict::broken;
};

struct Graph {
    std::vector<Point> vertices;            // [0] means nothing
    std::vector<Edge> edges;                // same indices as Chain::images
    std::vector<std::int32_t> point_of;     // per vertex: index into Chain::points; -1: none
    std::vector<std::int32_t> vertex_of;    // per point
    std::vector<std::uint32_t> first_into;  // per vertex, and one more: its edges are first_into[v] ... first_into[v + 1] - 1
};

// Flags, one per image; empty: none. Not vector<bool>, which is slow to read.
using Marks = std::vector<std::uint8_t>;

[[nodiscard]] Graph graph_of(const Chain& chain);  // O(n log n), near O(n) for chains as they are

// Per vertex, without the marked images. O(n).
[[nodiscard]] std::vector<Verdict> verdicts_of(const Graph& graph, const Marks& lost = {});

// Vertex of a restorable point; -1: none such, or it is broken.
[[nodiscard]] std::int32_t restorable_vertex(const Graph& graph, const Chain& chain, Point point) noexcept;

// Edges on some way to `goal` whose every edge is at least so strong; `verdicts` are those of the graph. O(n).
[[nodiscard]] Marks edges_towards(const Graph& graph, const std::vector<Verdict>& verdicts, std::int32_t goal, Verdict least);

// Those of them that every such way passes, ascending: the base first. O(n).
[[nodiscard]] std::vector<std::uint32_t> bridges_of(const Graph& graph, const Marks& towards);

[[nodiscard]] std::uint64_t sum_without_overflow(std::uint64_t a, std::uint64_t b) noexcept;

}  // namespace spchain
