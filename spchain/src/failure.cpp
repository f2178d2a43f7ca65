#include "spchain/failure.hpp"

#include "graph.hpp"

namespace spchain {

// What every strong way passes is found first; a weaker verdict allows more ways, so fewer files remain in common.
PointsOfFailure points_of_failure(const Chain& chain, Point point) {
    PointsOfFailure result;
    const Graph graph = graph_of(chain);
    const auto goal = restorable_vertex(graph, chain, point);
    if (goal < 0) return result;
    result.verdict = chain.find(point)->verdict;
    const auto verdicts = verdicts_of(graph);
    for (const auto image : bridges_of(graph, edges_towards(graph, verdicts, goal, result.verdict))) {
        result.files.push_back({image, Verdict::broken});
    }
    for (auto least = Verdict::doubtful; least < result.verdict; least = static_cast<Verdict>(static_cast<int>(least) + 1)) {
        const auto bridges = bridges_of(graph, edges_towards(graph, verdicts, goal, least));
        auto bridge = bridges.begin();
        for (auto& file : result.files) {
            while (bridge != bridges.end() && *bridge < file.image) ++bridge;
            if (bridge == bridges.end() || *bridge != file.image) file.without = least;
        }
    }
    return result;
}

}  // namespace spchain
