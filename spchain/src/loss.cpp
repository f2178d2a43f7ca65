#include "spchain/loss.hpp"

#include "graph.hpp"

#include <algorithm>

namespace spchain {

LossCost cost_of_loss(const Chain& chain, std::span<const std::uint32_t> images) {
    LossCost cost;
    const Graph graph = graph_of(chain);
    Marks lost(graph.edges.size(), 0);
    for (const auto image : images) {
        if (image >= lost.size() || lost[image] != 0) continue;
        lost[image] = 1;
        cost.lost_bytes = sum_without_overflow(cost.lost_bytes, chain.images[image].bytes);
    }
    const auto before = verdicts_of(graph);
    const auto after = verdicts_of(graph, lost);
    std::vector<std::uint8_t> touched(graph.vertices.size(), 0);
    for (std::size_t k = 0; k < graph.edges.size(); ++k) {
        const Edge& edge = graph.edges[k];
        if (edge.tail < 0) continue;
        const auto tail = static_cast<std::size_t>(edge.tail);
        if (before[tail] == Verdict::broken) continue;
        if (lost[k] != 0 || touched[tail] != 0) touched[static_cast<std::size_t>(edge.head)] = 1;
        if (lost[k] == 0 && after[tail] == Verdict::broken) {
            cost.stranded.push_back(static_cast<std::uint32_t>(k));
            cost.stranded_bytes = sum_without_overflow(cost.stranded_bytes, chain.images[k].bytes);
        }
    }
    for (std::size_t p = 0; p < chain.points.size(); ++p) {
        const auto v = static_cast<std::size_t>(graph.vertex_of[p]);
        if (after[v] != Verdict::broken) {
            cost.newest = static_cast<std::int32_t>(p);
            if (touched[v] != 0) cost.certainty = std::min(cost.certainty, after[v]);
        }
        if (after[v] == before[v]) continue;
        cost.points.push_back({static_cast<std::uint32_t>(p), before[v], after[v]});
        ++(after[v] == Verdict::broken ? cost.points_lost : cost.points_sunk);
    }
    return cost;
}

}  // namespace spchain
