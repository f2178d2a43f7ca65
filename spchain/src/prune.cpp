#include "spchain/prune.hpp"

#include "graph.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace spchain {

// Every point is to stay, so each needs one file into it that keeps its verdict, and any one will do: the smallest. No
// point's choice concerns another's, which makes the sum of the smallest the least that must stay.
PruneSet largest_prune_set(const Chain& chain, Verdict least) {
    PruneSet result;
    least = std::max(least, Verdict::presumed);
    const Graph graph = graph_of(chain);
    const auto verdicts = verdicts_of(graph);
    for (std::size_t v = 1; v < graph.vertices.size(); ++v) {
        const auto verdict = verdicts[v];
        std::int64_t stays = -1;
        for (auto k = graph.first_into[v]; k < graph.first_into[v + 1]; ++k) {
            const Edge& edge = graph.edges[k];
            if (edge.tail < 0 || edge.strength < verdict || verdicts[static_cast<std::size_t>(edge.tail)] < verdict) continue;
            if (stays < 0 || chain.images[k].bytes < chain.images[static_cast<std::size_t>(stays)].bytes) stays = k;
        }
        for (auto k = graph.first_into[v]; k < graph.first_into[v + 1]; ++k) {
            const Edge& edge = graph.edges[k];
            const Image& image = chain.images[k];
            if (image.state == State::settling) continue;
            if (edge.tail < 0 || verdicts[static_cast<std::size_t>(edge.tail)] == Verdict::broken) {
                result.orphans.push_back(k);
                result.orphan_bytes = sum_without_overflow(result.orphan_bytes, image.bytes);
                continue;
            }
            if (k == stays || verdict < least) continue;
            result.files.push_back(k);
            result.bytes = sum_without_overflow(result.bytes, image.bytes);
            result.certainty = std::min(result.certainty, verdict);
        }
    }
    std::reverse(result.files.begin(), result.files.end());
    return result;
}

std::vector<std::uint32_t> deletion_order(const Chain& chain, std::span<const std::uint32_t> images) {
    std::vector<std::uint32_t> order;
    std::copy_if(images.begin(), images.end(), std::back_inserter(order), [&](std::uint32_t image) { return image < chain.images.size(); });
    std::sort(order.begin(), order.end(), std::greater<>());  // images ascend by head
    order.erase(std::unique(order.begin(), order.end()), order.end());
    return order;
}

}  // namespace spchain
