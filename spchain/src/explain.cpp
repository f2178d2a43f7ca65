#include "group.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace spchain {
namespace {

constexpr std::int64_t day_seconds = 86'400;

class Explainer {
public:
    Explainer(Group& group, const FolderInput& input, Volume& volume) : group_(group), chain_(group.chain), input_(input), volume_(volume) {
        for (const Known& known : group_.known) {
            if (known.image < 0) gone_.emplace(known.head, &known);
        }
        measure_reach();
    }

    void run() {
        if (chain_.images.empty()) return;
        if (chain_.images.front().kind != Kind::full) {
            base_missing();
        } else {
            points();
        }
        vanished();
        if (group_.times_lost) add(FindingCode::times_lost).count = chain_.images.size();
    }

private:
    Finding& add(FindingCode code) {
        Finding finding;
        finding.code = code;
        finding.base = chain_.base;
        volume_.findings.push_back(std::move(finding));
        return volume_.findings.back();
    }

    static void note(std::vector<std::string>& list, std::string text) {
        if (list.size() < Finding::evidence_limit && std::find(list.begin(), list.end(), text) == list.end())
            list.push_back(std::move(text));
    }

    [[nodiscard]] const std::string& name_of(const Image& image) const { return input_.entries[image.entry].name; }
    [[nodiscard]] bool good(std::size_t point) const { return chain_.points[point].verdict >= Verdict::presumed; }

    // Per point: how far one sound image reaches from there, and from any point up to there.
    void measure_reach() {
        reach_.assign(chain_.points.size(), Point{});
        for (const Image& image : chain_.images) {
            if (image.kind == Kind::full || image.suspicious || image.state != State::present) continue;
            if (image.tail_at < 0) continue;
            auto& furthest = reach_[static_cast<std::size_t>(image.tail_at)];
            furthest = std::max(furthest, image.head);
        }
        furthest_ = reach_;
        for (std::size_t k = 1; k < furthest_.size(); ++k) furthest_[k] = std::max(furthest_[k], furthest_[k - 1]);
    }

    [[nodiscard]] std::int64_t kept_days(Kind kind) const {
        const Retention& retention = input_.rules.retention;
        std::int32_t days = 0;
        if (kind == Kind::incremental) days = retention.intra_daily;
        if (kind == Kind::daily) days = retention.daily;
        if (kind == Kind::weekly) days = retention.weekly;
        return days == 0 ? INT32_MAX : days;
    }

    // Retention removes a consolidated period oldest first. What is left of it then cannot be reached any more, and
    // needs not be: the period's end can. True where the dead points follow the last good one directly, one sound
    // image leads over them, and they are as old as retention wants them.
    [[nodiscard]] bool retired(std::size_t point, std::int64_t last_good, const Image& image) const {
        if (last_good < 0 || !(reach_[static_cast<std::size_t>(last_good)] > chain_.points[point].point)) return false;
        if (input_.now == no_time || image.written == no_time) return false;
        return input_.now - image.written >= (kept_days(image.kind) - 1) * day_seconds;
    }

    // Which files would bring a point's image back: those remembered to end where it begins, else the numbers between.
    void name_absent(Finding& finding, const Image& image, std::int64_t last_good) const {
        const auto [from, to] = gone_.equal_range(image.tail);
        for (auto at = from; at != to; ++at) note(finding.absent, at->second->memory->name);
        if (from != to || image.kind != Kind::incremental) return;
        std::uint32_t next = 1;
        if (last_good >= 0) {
            const Point good_point = chain_.points[static_cast<std::size_t>(last_good)].point;
            if (good_point.differential == image.head.differential) next = good_point.incremental + 1;
        }
        for (; next <= image.tail.incremental && finding.absent.size() < Finding::evidence_limit; ++next) {
            if (index_of(chain_.points, {image.head.differential, next}) >= 0) continue;
            Name name;
            name.type = NameType::image;
            name.conventional = true;
            name.kind = Kind::incremental;
            name.volume = volume_.name;
            name.base = chain_.base;
            name.differential = image.head.differential;
            name.incremental = next;
            note(finding.absent, format(name));
        }
    }

    void points() {
        std::optional<Finding> broken;
        std::optional<Finding> doubtful;
        std::optional<Finding> old;
        std::int64_t last_good = -1;
        std::size_t image = 0;
        const bool any_suspicious = std::any_of(chain_.images.begin(), chain_.images.end(), [](const Image& i) { return i.suspicious; });
        for (std::size_t p = 0; p < chain_.points.size(); ++p) {
            if (good(p)) {
                last_good = static_cast<std::int64_t>(p);
                continue;
            }
            while (image < chain_.images.size() && chain_.images[image].head < chain_.points[p].point) ++image;
            const Image& first = chain_.images[image];
            const bool is_broken = chain_.points[p].verdict == Verdict::broken;
            // Doubt that comes of settling files alone passes by itself.
            if (!is_broken && !any_suspicious) continue;
            const bool newest = static_cast<std::int32_t>(p) == chain_.newest;
            auto& finding = retired(p, last_good, first) && !newest ? old : is_broken ? broken : doubtful;
            if (!finding) finding.emplace();
            ++finding->count;
            finding->newest_affected |= newest;
            note(finding->points, to_string(chain_.base, chain_.points[p].point));
            if (is_broken && first.tail_at < 0) name_absent(*finding, first, last_good);
            for (std::size_t k = image; k < chain_.images.size() && chain_.images[k].head == first.head; ++k) {
                const bool cause = is_broken ? chain_.images[k].tail_at < 0 : chain_.images[k].suspicious;
                if (cause) note(finding->files, name_of(chain_.images[k]));
            }
        }
        file(FindingCode::chain_broken, broken);
        file(FindingCode::chain_doubtful, doubtful);
        file(FindingCode::points_retired, old);
    }

    void file(FindingCode code, std::optional<Finding>& finding) {
        if (!finding) return;
        finding->code = code;
        finding->base = chain_.base;
        volume_.findings.push_back(std::move(*finding));
    }

    void base_missing() {
        Finding& finding = add(FindingCode::base_missing);
        finding.count = chain_.points.size();
        finding.newest_affected = true;
        for (const PointState& state : chain_.points) note(finding.points, to_string(chain_.base, state.point));
        Name name;
        name.type = NameType::image;
        name.conventional = true;
        name.volume = volume_.name;
        name.base = chain_.base;
        note(finding.absent, format(name));
    }

    // Retention and consolidation remove files whose whole span a sound image still leads over.
    [[nodiscard]] bool explained(const Known& known) const {
        const auto at = std::upper_bound(chain_.points.begin(), chain_.points.end(), known.tail,
                                         [](Point point, const PointState& state) { return point < state.point; });
        if (known.kind == Kind::full || at == chain_.points.begin()) return false;
        return furthest_[static_cast<std::size_t>(at - chain_.points.begin()) - 1] >= known.head;
    }

    void vanished() {
        std::optional<Finding> finding;
        for (Known& known : group_.known) {
            if (known.image >= 0) continue;
            known.explained = explained(known);
            if (known.explained || known.memory->recorded) continue;
            if (!finding) finding.emplace();
            ++finding->count;
            note(finding->files, known.memory->name);
        }
        if (!finding) return;
        finding->newest_affected = chain_.newest < 0 || !good(static_cast<std::size_t>(chain_.newest));
        file(FindingCode::image_vanished, finding);
    }

    Group& group_;
    const Chain& chain_;
    const FolderInput& input_;
    Volume& volume_;
    std::multimap<Point, const Known*> gone_;
    std::vector<Point> reach_;
    std::vector<Point> furthest_;
};

}  // namespace

void explain_chain(Group& group, const FolderInput& input, Volume& volume) {
    Explainer(group, input, volume).run();
}

}  // namespace spchain
