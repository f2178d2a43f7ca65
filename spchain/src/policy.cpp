#include "spchain/policy.hpp"

#include "covers.hpp"
#include "graph.hpp"
#include "lifetimes.hpp"

#include <algorithm>
#include <utility>

namespace spchain {
namespace {

// From the newest head down: a file that stays needs its tail, and where only files that are due lead there, one of them
// stays, too: the one of which most can be said, then the smallest.
void keep_needed(const Chain& chain, const Graph& graph, std::vector<Fate>& fates) {
    const auto verdicts = verdicts_of(graph);
    std::vector<std::int32_t> needed_by(graph.vertices.size(), -1);
    const auto led_to = [&](const Edge& edge) {
        return edge.tail >= 0 && verdicts[static_cast<std::size_t>(edge.tail)] != Verdict::broken;
    };
    for (std::size_t v = graph.vertices.size(); v-- > 1;) {
        bool supported = false;
        std::int32_t best = -1;
        const auto worth = [&](std::uint32_t k) {
            const Edge& edge = graph.edges[k];
            return std::pair{std::min(edge.strength, verdicts[static_cast<std::size_t>(edge.tail)]), ~chain.images[k].bytes};
        };
        for (auto k = graph.first_into[v]; k < graph.first_into[v + 1]; ++k) {
            if (!led_to(graph.edges[k])) continue;
            if (!fates[k].goes) {
                supported |= !fates[k].settling;
            } else if (best < 0 || worth(k) > worth(static_cast<std::uint32_t>(best))) {
                best = static_cast<std::int32_t>(k);
            }
        }
        if (needed_by[v] >= 0 && !supported && best >= 0) {
            Fate& fate = fates[static_cast<std::size_t>(best)];
            fate.goes = false;
            fate.needed = true;
            fate.needed_by = needed_by[v];
        }
        for (auto k = graph.first_into[v]; k < graph.first_into[v + 1]; ++k) {
            if (!fates[k].goes && led_to(graph.edges[k]))
                needed_by[static_cast<std::size_t>(graph.edges[k].tail)] = static_cast<std::int32_t>(k);
        }
    }
}

}  // namespace

PolicyOutcome apply_retention(const Chain& chain, const Retention& retention, const Calendar& calendar, UnixTime now, UnixTime when) {
    PolicyOutcome outcome;
    if (when == no_time) when = now;
    const auto covers = covers_of(chain);
    outcome.files.reserve(chain.images.size());
    for (std::size_t k = 0; k < chain.images.size(); ++k) {
        Fate fate = fate_of(chain, k, covers[k], retention, calendar);
        fate.goes = fate.due != no_time && when != no_time && fate.due <= when && !fate.settling;
        fate.young = fate.due != no_time && !fate.goes && !fate.settling;
        outcome.files.push_back(fate);
    }
    outcome.points = expiries_of(chain, outcome.files, retention, calendar, now);
    keep_needed(chain, graph_of(chain), outcome.files);
    for (std::size_t k = chain.images.size(); k-- > 0;) {
        if (!outcome.files[k].goes) continue;
        outcome.goes.push_back(static_cast<std::uint32_t>(k));
        outcome.bytes = sum_without_overflow(outcome.bytes, chain.images[k].bytes);
    }
    outcome.cost = cost_of_loss(chain, outcome.goes);
    return outcome;
}

}  // namespace spchain
