#include "graph.hpp"

#include "group.hpp"

#include <algorithm>
#include <limits>

namespace spchain {
namespace {

std::int32_t find_vertex(const Graph& graph, Point point, std::int32_t below) {
    if (below > 1 && graph.vertices[static_cast<std::size_t>(below - 1)] == point) return below - 1;
    const auto end = graph.vertices.begin() + below;
    const auto at = std::lower_bound(graph.vertices.begin() + 1, end, point);
    return at == end || *at != point ? -1 : static_cast<std::int32_t>(at - graph.vertices.begin());
}

}  // namespace

Verdict strength_of(const Image& image) noexcept {
    if (image.standing == Standing::refused) return Verdict::broken;
    if (image.suspicious || image.state == State::settling || image.standing == Standing::doubted) return Verdict::doubtful;
    return image.basis == Basis::inferred ? Verdict::presumed : Verdict::certain;
}

std::uint64_t sum_without_overflow(std::uint64_t a, std::uint64_t b) noexcept {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    return a > most - b ? most : a + b;
}

Graph graph_of(const Chain& chain) {
    Graph graph;
    graph.vertices.reserve(chain.points.size() + 2);
    graph.vertices.emplace_back();
    graph.edges.reserve(chain.images.size());
    graph.first_into.push_back(0);
    for (const Image& image : chain.images) {
        if (graph.vertices.size() == 1 || graph.vertices.back() != image.head) {
            graph.vertices.push_back(image.head);
            graph.first_into.push_back(static_cast<std::uint32_t>(graph.edges.size()));
        }
        Edge edge;
        edge.head = static_cast<std::int32_t>(graph.vertices.size()) - 1;
        edge.strength = strength_of(image);
        edge.tail = image.kind == Kind::full ? 0 : find_vertex(graph, image.tail, edge.head);
        if (image.standing == Standing::refused) edge.tail = -1;
        graph.edges.push_back(edge);
    }
    graph.first_into.push_back(static_cast<std::uint32_t>(graph.edges.size()));
    graph.point_of.assign(graph.vertices.size(), -1);
    graph.vertex_of.assign(chain.points.size(), -1);
    std::size_t p = 0;
    for (std::size_t v = 1; v < graph.vertices.size() && p < chain.points.size(); ++v) {
        if (chain.points[p].point != graph.vertices[v]) continue;
        graph.point_of[v] = static_cast<std::int32_t>(p);
        graph.vertex_of[p] = static_cast<std::int32_t>(v);
        ++p;
    }
    return graph;
}

std::vector<Verdict> verdicts_of(const Graph& graph, const Marks& lost) {
    std::vector<Verdict> verdicts(graph.vertices.size(), Verdict::broken);
    verdicts[0] = Verdict::certain;
    for (std::size_t k = 0; k < graph.edges.size(); ++k) {
        const Edge& edge = graph.edges[k];
        if (edge.tail < 0 || (!lost.empty() && lost[k] != 0)) continue;
        auto& head = verdicts[static_cast<std::size_t>(edge.head)];
        head = std::max(head, std::min(edge.strength, verdicts[static_cast<std::size_t>(edge.tail)]));
    }
    return verdicts;
}

std::int32_t restorable_vertex(const Graph& graph, const Chain& chain, Point point) noexcept {
    const auto index = index_of(chain.points, point);
    if (index < 0 || chain.points[static_cast<std::size_t>(index)].verdict == Verdict::broken) return -1;
    return graph.vertex_of[static_cast<std::size_t>(index)];
}

Marks edges_towards(const Graph& graph, const std::vector<Verdict>& verdicts, std::int32_t goal, Verdict least) {
    Marks marks(graph.edges.size(), 0);
    std::vector<std::uint8_t> wanted(graph.vertices.size(), 0);
    wanted[static_cast<std::size_t>(goal)] = 1;
    for (std::size_t k = graph.edges.size(); k-- > 0;) {
        const Edge& edge = graph.edges[k];
        if (wanted[static_cast<std::size_t>(edge.head)] == 0 || edge.tail < 0 || edge.strength < least) continue;
        if (verdicts[static_cast<std::size_t>(edge.tail)] < least) continue;
        marks[k] = 1;
        wanted[static_cast<std::size_t>(edge.tail)] = 1;
    }
    return marks;
}

// Every edge here lies on a way to the goal, and every way passes a bridge: so all else ends before its tail or begins
// after its head, and between these it runs alone.
std::vector<std::uint32_t> bridges_of(const Graph& graph, const Marks& towards) {
    std::vector<std::int64_t> running(graph.vertices.size() + 1, 0);
    std::vector<std::uint64_t> which(graph.vertices.size() + 1, 0);  // sum of the indices; wraps around and back
    for (std::size_t k = 0; k < graph.edges.size(); ++k) {
        if (towards[k] == 0) continue;
        const auto from = static_cast<std::size_t>(graph.edges[k].tail);
        const auto to = static_cast<std::size_t>(graph.edges[k].head);
        ++running[from];
        --running[to];
        which[from] += k;
        which[to] -= k;
    }
    std::vector<std::uint32_t> bridges;
    std::int64_t now = 0;
    std::uint64_t sum = 0;
    for (std::size_t v = 0; v < graph.vertices.size(); ++v) {
        now += running[v];
        sum += which[v];
        const auto edge = static_cast<std::uint32_t>(sum);
        if (now == 1 && (bridges.empty() || bridges.back() != edge)) bridges.push_back(edge);
    }
    return bridges;
}

}  // namespace spchain
