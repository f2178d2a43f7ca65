#include "spchain/failure.hpp"

#include "graph.hpp"

#include <algorithm>

namespace spchain {

// What every strong way passes is found first; a weaker verdict allows more ways, so fewer files remain in common.
PointsOfFailure points_of_failure(const Chain& chain, Point point) {
    PointsOfFailure result;
    const Graph graph = graph_of(chain);
    const auto goal = restorable_vertex(graph, chain, point);
    if (goal < 0) return result;
    result.verdict = chain.find(point)->verdict;
    for (const auto image : bridges_of(graph, edges_towards(graph, goal, result.verdict))) result.files.push_back({image, Verdict::broken});
    for (auto least = Verdict::doubtful; least < result.verdict; least = static_cast<Verdict>(static_cast<int>(least) + 1)) {
        const auto bridges = bridges_of(graph, edges_towards(graph, goal, least));
        for (auto& file : result.files) {
            if (!std::binary_search(bridges.begin(), bridges.end(), file.image)) file.without = least;
        }
    }
    return result;
}

}  // namespace spchain
