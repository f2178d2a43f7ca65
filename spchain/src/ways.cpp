#include "spchain/ways.hpp"

#include "graph.hpp"

#include <algorithm>

namespace spchain {
namespace {

// Two units of flow from vertex 0 to the goal. A bridge carries both, any other edge one.
class Flow {
public:
    Flow(const Graph& graph, const Marks& towards, const std::vector<std::uint32_t>& bridges, std::int32_t goal)
        : graph_(graph), goal_(goal), room_(towards.begin(), towards.end()), used_(towards.size(), 0) {
        for (const auto bridge : bridges) room_[bridge] = 2;
        first_out_.assign(graph.vertices.size() + 1, 0);
        for (std::size_t k = 0; k < room_.size(); ++k) {
            if (room_[k] > 0) ++first_out_[static_cast<std::size_t>(graph.edges[k].tail) + 1];
        }
        for (std::size_t v = 1; v < first_out_.size(); ++v) first_out_[v] += first_out_[v - 1];
        out_.resize(first_out_.back());
        auto next = first_out_;
        for (std::size_t k = 0; k < room_.size(); ++k) {
            if (room_[k] > 0) out_[next[static_cast<std::size_t>(graph.edges[k].tail)]++] = static_cast<std::uint32_t>(k);
        }
    }

    // Sends one unit along a way that may take back what an earlier unit took.
    void send() {
        std::vector<std::int64_t> by(graph_.vertices.size(), unseen);
        std::vector<std::int32_t> queue{0};
        by[0] = 0;
        for (std::size_t at = 0; at < queue.size() && by[static_cast<std::size_t>(goal_)] == unseen; ++at) {
            const auto v = static_cast<std::size_t>(queue[at]);
            const auto reach = [&](std::int32_t to, std::int64_t step) {
                if (by[static_cast<std::size_t>(to)] != unseen) return;
                by[static_cast<std::size_t>(to)] = step;
                queue.push_back(to);
            };
            for (auto k = first_out_[v]; k < first_out_[v + 1]; ++k) {
                const auto edge = out_[k];
                if (used_[edge] < room_[edge]) reach(graph_.edges[edge].head, edge);
            }
            if (v == 0) continue;
            for (auto edge = graph_.first_into[v]; edge < graph_.first_into[v + 1]; ++edge) {
                if (used_[edge] > 0) reach(graph_.edges[edge].tail, -1 - static_cast<std::int64_t>(edge));
            }
        }
        if (by[static_cast<std::size_t>(goal_)] == unseen) return;
        for (std::int32_t v = goal_; v != 0;) {
            const auto step = by[static_cast<std::size_t>(v)];
            const auto edge = static_cast<std::size_t>(step >= 0 ? step : -1 - step);
            step >= 0 ? ++used_[edge] : --used_[edge];
            v = step >= 0 ? graph_.edges[edge].tail : graph_.edges[edge].head;
        }
    }

    // Takes one way of the flow out of it.
    std::vector<std::uint32_t> take() {
        std::vector<std::uint32_t> way;
        for (std::int32_t v = 0; v != goal_;) {
            const auto from = first_out_[static_cast<std::size_t>(v)];
            const auto to = first_out_[static_cast<std::size_t>(v) + 1];
            auto k = from;
            while (k < to && used_[out_[k]] == 0) ++k;
            if (k == to) return {};
            --used_[out_[k]];
            way.push_back(out_[k]);
            v = graph_.edges[out_[k]].head;
        }
        return way;
    }

private:
    static constexpr std::int64_t unseen = INT64_MIN;
    const Graph& graph_;
    std::int32_t goal_;
    std::vector<std::uint8_t> room_;
    std::vector<std::uint8_t> used_;
    std::vector<std::uint32_t> first_out_;
    std::vector<std::uint32_t> out_;
};

// Nothing but the base in common, and something besides it.
bool independent(const Chain& chain, std::int32_t goal, const Graph& graph, const std::vector<std::uint32_t>& bridges) {
    return std::all_of(bridges.begin(), bridges.end(),
                       [&](std::uint32_t image) { return chain.images[image].kind == Kind::full && graph.edges[image].head != goal; });
}

}  // namespace

TwoWays two_ways(const Chain& chain, Point point) {
    TwoWays result;
    const Graph graph = graph_of(chain);
    const auto goal = restorable_vertex(graph, chain, point);
    if (goal < 0) return result;
    const auto verdict = chain.find(point)->verdict;
    const auto verdicts = verdicts_of(graph);
    Marks best = edges_towards(graph, verdicts, goal, verdict);
    auto bridges = bridges_of(graph, best);
    for (int least = static_cast<int>(verdict); least > 0; --least) {
        Marks towards = edges_towards(graph, verdicts, goal, static_cast<Verdict>(least));
        auto common = bridges_of(graph, towards);
        if (!independent(chain, goal, graph, common)) continue;
        result.certainty = static_cast<Verdict>(least);
        best = std::move(towards);
        bridges = std::move(common);
        break;
    }
    Flow flow(graph, best, bridges, goal);
    flow.send();
    flow.send();
    result.first = flow.take();
    result.second = flow.take();
    result.shared = std::move(bridges);
    return result;
}

}  // namespace spchain
