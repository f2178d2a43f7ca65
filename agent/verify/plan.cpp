#include "agent/verify/plan.hpp"

#include <algorithm>
#include <tuple>

namespace imc::verify {
namespace {

constexpr double day = 86'400.0;
constexpr double never_checked = 30 * day;

bool due(const Candidate& candidate, std::int64_t again_seconds, UnixTime now) noexcept {
    return candidate.failed || candidate.checked == 0 || now - candidate.checked >= again_seconds;
}

}  // namespace

double urgency(const Candidate& candidate, UnixTime now) noexcept {
    const bool never = candidate.checked == 0;
    const UnixTime since = !never ? candidate.checked : candidate.written == spchain::no_time ? now : candidate.written;
    // In doubles: times of files are anything.
    const double age = std::max(0.0, static_cast<double>(now) - static_cast<double>(since)) + (never ? never_checked : 0.0);
    return (1.0 + candidate.blast_radius) * age;
}

std::vector<Candidate> plan(std::vector<Candidate> candidates, const Budget& budget, UnixTime now) {
    struct Place {
        bool failed;
        double urgency;
        std::size_t at;
    };
    std::vector<Place> order;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
        if (due(candidates[k], budget.again_seconds, now)) order.push_back({candidates[k].failed, urgency(candidates[k], now), k});
    }
    std::sort(order.begin(), order.end(), [&](const Place& a, const Place& b) {
        if (a.failed != b.failed) return a.failed;
        if (a.urgency != b.urgency) return a.urgency > b.urgency;
        const Candidate& x = candidates[a.at];
        const Candidate& y = candidates[b.at];
        return std::tie(x.folder_id, x.name) < std::tie(y.folder_id, y.name);
    });
    std::vector<Candidate> chosen;
    std::uint64_t left = budget.bytes;
    for (const Place& place : order) {
        Candidate& candidate = candidates[place.at];
        if (chosen.size() >= budget.images) break;
        if (candidate.bytes > left && !chosen.empty()) continue;
        if (budget.bytes == 0) break;
        left -= std::min(left, candidate.bytes);
        chosen.push_back(std::move(candidate));
    }
    return chosen;
}

}  // namespace imc::verify
