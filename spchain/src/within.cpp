#include "spchain/within.hpp"

#include "covers.hpp"
#include "graph.hpp"
#include "group.hpp"

#include <algorithm>
#include <array>

namespace spchain {
namespace {

// Takes files away one at a time, each only if all that stays keeps what it stands on.
class Thinner {
public:
    Thinner(const Chain& chain, Verdict least)
        : chain_(chain),
          graph_(graph_of(chain)),
          verdicts_(verdicts_of(graph_)),
          fixed_(graph_.edges.size(), 0),
          ways_in_(graph_.vertices.size(), 0),
          files_out_(graph_.vertices.size(), 0) {
        for (std::size_t k = 0; k < graph_.edges.size(); ++k) {
            const Image& image = chain.images[k];
            result_.bytes_before = sum_without_overflow(result_.bytes_before, image.bytes);
            if (image.state == State::settling) fixed_[k] = 1;
            if (!led_to(k)) {
                if (fixed_[k] == 0) result_.orphan_bytes = sum_without_overflow(result_.orphan_bytes, image.bytes);
                fixed_[k] = 1;
                continue;
            }
            if (sound(k)) ++ways_in_[head(k)];
            ++files_out_[tail(k)];
        }
        protect(Verdict::doubtful, least);
        protect(Verdict::presumed, std::max(least, Verdict::presumed));
        result_.bytes_after = result_.bytes_before;
    }

    WithinBytes run(std::uint64_t bytes) {
        const bool something = newest_ >= 0;
        for (const auto image : something ? order() : std::vector<std::uint32_t>{}) {
            if (result_.bytes_after <= bytes) break;
            if (can_go(image)) take(image);
        }
        for (std::size_t k = graph_.edges.size(); something && k-- > 0 && result_.bytes_after > bytes;) {
            if (can_go(k)) take(k);
        }
        result_.fits = result_.bytes_after <= bytes;
        result_.cost = cost_of_loss(chain_, result_.files);
        return std::move(result_);
    }

private:
    [[nodiscard]] std::size_t head(std::size_t k) const { return static_cast<std::size_t>(graph_.edges[k].head); }
    [[nodiscard]] std::size_t tail(std::size_t k) const { return static_cast<std::size_t>(graph_.edges[k].tail); }
    [[nodiscard]] bool led_to(std::size_t k) const { return graph_.edges[k].tail >= 0 && verdicts_[tail(k)] != Verdict::broken; }

    // As good a last step as the point needs to stay sound; to a doubtful point every step is.
    [[nodiscard]] bool sound(std::size_t k) const {
        const auto least = std::min(verdicts_[head(k)], Verdict::presumed);
        return graph_.edges[k].strength >= least && verdicts_[tail(k)] >= least;
    }

    // The cheapest way to the newest point with such a verdict, as sure as is asked for, or as it can be.
    void protect(Verdict verdict, Verdict least) {
        for (std::size_t p = chain_.points.size(); p-- > 0;) {
            if (chain_.points[p].verdict < verdict) continue;
            keep_way_to(graph_.vertex_of[p], std::min(least, chain_.points[p].verdict));
            newest_ = std::max(newest_, graph_.vertex_of[p]);
            return;
        }
    }

    void keep_way_to(std::int32_t goal, Verdict least) {
        std::vector<std::int32_t> by(graph_.vertices.size(), -1);
        std::vector<std::uint64_t> bytes(graph_.vertices.size(), 0);
        for (std::size_t k = 0; k < graph_.edges.size(); ++k) {
            const Edge& edge = graph_.edges[k];
            if (edge.tail < 0 || edge.strength < least || verdicts_[tail(k)] < least) continue;
            const auto sum = sum_without_overflow(bytes[tail(k)], chain_.images[k].bytes);
            if (by[head(k)] >= 0 && bytes[head(k)] <= sum) continue;
            by[head(k)] = static_cast<std::int32_t>(k);
            bytes[head(k)] = sum;
        }
        for (auto v = goal; v != 0; v = graph_.edges[static_cast<std::size_t>(by[static_cast<std::size_t>(v)])].tail) {
            fixed_[static_cast<std::size_t>(by[static_cast<std::size_t>(v)])] = 1;
        }
    }

    // Covered files by level, then by the period that covers them, then from its end to its beginning.
    [[nodiscard]] std::vector<std::uint32_t> order() const {
        const auto covers = covers_of(chain_);
        std::array<std::vector<std::uint64_t>, 5> levels;  // of the cover and, turned around, the file
        for (std::uint32_t k = 0; k < covers.size(); ++k) {
            if (covers[k] < 0 || fixed_[k] != 0) continue;
            levels[static_cast<std::size_t>(level_of(chain_.images[k].kind))].push_back(static_cast<std::uint64_t>(covers[k]) << 32 |
                                                                                        (UINT32_MAX - k));
        }
        std::vector<std::uint32_t> files;
        for (auto& keys : levels) {
            std::sort(keys.begin(), keys.end());
            for (const auto key : keys) files.push_back(UINT32_MAX - static_cast<std::uint32_t>(key));
        }
        return files;
    }

    [[nodiscard]] bool can_go(std::size_t k) const {
        if (fixed_[k] != 0) return false;
        const auto v = head(k);
        const bool wanted = files_out_[v] > 0 || graph_.edges[k].head == newest_;
        return !wanted || !sound(k) || ways_in_[v] > 1;
    }

    void take(std::size_t k) {
        fixed_[k] = 1;
        if (sound(k)) --ways_in_[head(k)];
        --files_out_[tail(k)];
        result_.files.push_back(static_cast<std::uint32_t>(k));
        result_.bytes_after -= std::min(result_.bytes_after, chain_.images[k].bytes);
    }

    const Chain& chain_;
    Graph graph_;
    std::vector<Verdict> verdicts_;
    Marks fixed_;                           // never goes, or is gone
    std::vector<std::uint32_t> ways_in_;    // per vertex: sound files into it that stay
    std::vector<std::uint32_t> files_out_;  // per vertex: files that stay and begin there
    std::int32_t newest_ = -1;
    WithinBytes result_;
};

}  // namespace

WithinBytes keep_within(const Chain& chain, std::uint64_t bytes, Verdict least) {
    return Thinner(chain, least).run(bytes);
}

}  // namespace spchain
