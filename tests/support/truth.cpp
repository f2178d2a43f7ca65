#include "tests/support/truth.hpp"

#include <algorithm>
#include <map>

namespace truth {

using generator::TrueImage;
using spchain::Point;

void Score::add(const Score& other) {
    for (std::size_t k = 0; k < 4; ++k) {
        reachable[k] += other.reachable[k];
        unreachable[k] += other.unreachable[k];
    }
}

std::uint64_t Score::all_reachable() const {
    return reachable[0] + reachable[1] + reachable[2] + reachable[3];
}
std::uint64_t Score::all_unreachable() const {
    return unreachable[0] + unreachable[1] + unreachable[2] + unreachable[3];
}

std::vector<Reached> reach(const std::vector<TrueImage>& files) {
    std::vector<const TrueImage*> ascending;
    for (const auto& file : files) ascending.push_back(&file);
    std::sort(ascending.begin(), ascending.end(), [](const TrueImage* a, const TrueImage* b) { return a->head < b->head; });
    std::map<Point, bool> reached;
    for (const auto* file : ascending) {
        const auto tail = reached.find(file->tail);
        const bool now = file->kind == spchain::Kind::full || (tail != reached.end() && tail->second);
        reached[file->head] = reached[file->head] || now;
    }
    std::vector<Reached> result;
    for (const auto& [point, is] : reached) result.push_back({point, is});
    return result;
}

std::vector<spchain::Entry> listing(const std::vector<TrueImage>& files) {
    std::vector<spchain::Entry> entries;
    for (const auto& file : files) entries.push_back(file.entry);
    return entries;
}

Score compare(const std::vector<TrueImage>& files, const spchain::FolderInput& input) {
    Score score;
    const auto report = spchain::analyse(input);
    for (const auto& point : reach(files)) {
        spchain::Verdict verdict = spchain::Verdict::broken;
        for (const auto& volume : report.volumes) {
            for (const auto& chain : volume.chains) {
                if (const auto* state = chain.find(point.point)) verdict = state->verdict;
            }
        }
        ++(point.reachable ? score.reachable : score.unreachable)[static_cast<std::size_t>(verdict)];
    }
    return score;
}

void lose(std::vector<TrueImage>& files, std::size_t count, generator::Random& random, bool base_too) {
    for (std::size_t k = 0; k < count && files.size() > 1; ++k) {
        const auto victim = random.below(files.size());
        if (files[victim].kind == spchain::Kind::full && !base_too) continue;
        files.erase(files.begin() + static_cast<std::ptrdiff_t>(victim));
    }
}

generator::Plan random_plan(std::uint64_t seed) {
    generator::Random random(seed);
    generator::Plan plan;
    plan.seed = random.next();
    plan.first_day = 19'500 + static_cast<int>(random.below(1000));
    plan.days = 30 + static_cast<int>(random.below(600));
    const int hours[][2] = {{0, 24}, {8, 18}, {7, 22}, {6, 20}};
    const auto& span = hours[random.below(4)];
    plan.first_minute = span[0] * 60;
    plan.last_minute = span[1] * 60;
    const int intervals[] = {15, 30, 60, 60, 60, 120};
    plan.interval_minutes = intervals[random.below(6)];
    plan.weekends_off = random.chance(0.4);
    plan.day_off = random.chance(0.5) ? 0.03 : 0.0;
    plan.partial_day = random.chance(0.5) ? 0.04 : 0.0;
    plan.night_off = random.chance(0.3) ? 0.03 : 0.0;
    plan.months_close_with_weeks = random.chance(0.4);
    plan.stacked_names = random.chance(0.3);
    plan.retention_by_file = random.chance(0.3);
    plan.keep_months = random.chance(0.3) ? 3 + static_cast<int>(random.below(9)) : 0;
    plan.calendar.week_end = random.chance(0.8) ? 6 : static_cast<int>(random.below(7));
    plan.calendar.month_end = random.chance(0.8) ? 31 : 1 + static_cast<int>(random.below(31));
    if (random.chance(0.6)) {
        // A zone with summer time, two changes a year.
        const auto east = static_cast<std::int32_t>(random.below(20)) * 3600 - 8 * 3600;
        for (int half = 0; half < 8; ++half) {
            plan.calendar.offsets.push_back(
                {(static_cast<std::int64_t>(plan.first_day) - 200 + half * 182) * 86'400, east + (half % 2) * 3600});
        }
    }
    return plan;
}

}  // namespace truth
