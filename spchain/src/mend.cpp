#include "spchain/mend.hpp"

#include "assemble.hpp"
#include "graph.hpp"
#include "spchain/ascii.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace spchain {
namespace {

constexpr std::uint64_t unreachable = std::numeric_limits<std::uint64_t>::max();

// A step between two vertices, of files that are there (cost 0) or absent.
struct Step {
    std::int32_t tail = 0;
    std::int32_t head = 0;
    std::uint64_t cost = 0;
    Verdict strength = Verdict::certain;
    Kind kind = Kind::incremental;
    std::int64_t memory = -1;  // index of what is remembered
};

class Mender {
public:
    Mender(const Chain& chain, std::string_view volume, std::span<const Memory> memory, Point goal, Verdict least)
        : chain_(chain), volume_(volume), memory_(memory), least_(least) {
        find_gone();
        list_vertices(goal);
        goal_ = at(goal);
    }

    std::optional<Mend> run() {
        std::vector<std::uint8_t> there(vertices_.size() + 1, 0);
        std::int32_t head = 1;
        for (const Image& image : chain_.images) {
            while (point(head) < image.head) ++head;
            if (!is_consolidation(image.kind)) there[static_cast<std::size_t>(head)] = 1;
            if (strength_of(image) < least_ || (image.kind != Kind::full && !(image.tail < image.head))) continue;
            const auto tail = image.kind == Kind::full ? 0 : head > 1 && point(head - 1) == image.tail ? head - 1 : at(image.tail);
            add({tail, head, 0, strength_of(image), image.kind, -1});
        }
        for (const Gone& gone : gone_) add({at(gone.tail), at(gone.head), 1, gone.strength, gone.kind, gone.memory});
        add_numbered(there);
        return shortest();
    }

private:
    struct Gone {
        Point tail, head;
        Kind kind;
        Verdict strength;
        std::int64_t memory;
    };

    // Raw increments, differentials and the base need no memory: their names say all.
    void find_gone() {
        const auto wanted = ascii::lower(volume_);
        for (std::size_t k = 0; k < memory_.size(); ++k) {
            const Memory& memory = memory_[k];
            if (memory.vanished == no_time || !memory.has_tail) continue;
            const Name name = parse(memory.name);
            if (name.type != NameType::image || !name.conventional || !is_consolidation(name.kind) || name.base != chain_.base) continue;
            if (ascii::lower(name.volume) != wanted) continue;
            const Point head{name.differential, name.incremental};
            const auto strength = memory.suspicious                 ? Verdict::doubtful
                                  : memory.basis == Basis::inferred ? Verdict::presumed
                                                                    : Verdict::certain;
            if (strength < least_ || !(memory.tail < head)) continue;
            gone_.push_back({memory.tail, head, name.kind, strength, static_cast<std::int64_t>(k)});
        }
    }

    // Vertex 0 stands before the base. Tails are vertices, too, so that between two neighbours every increment is absent.
    void list_vertices(Point goal) {
        std::vector<Point> heads;  // ascend as the images do; the few others are sorted apart
        std::vector<Point> all{Point{}, goal, {goal.differential, 0}};
        for (const Image& image : chain_.images) {
            const bool known = !heads.empty() && heads.back() == image.tail;  // as of most
            if (!known && image.kind != Kind::full) all.push_back(image.tail);
            if (!heads.empty() && heads.back() == image.head) continue;
            if (heads.empty() || heads.back().differential != image.head.differential) all.push_back({image.head.differential, 0});
            heads.push_back(image.head);
        }
        for (const Gone& gone : gone_) {
            all.push_back(gone.head);
            all.push_back(gone.tail);
        }
        std::sort(all.begin(), all.end());
        vertices_.reserve(heads.size() + all.size());
        std::merge(heads.begin(), heads.end(), all.begin(), all.end(), std::back_inserter(vertices_));
        vertices_.erase(std::unique(vertices_.begin(), vertices_.end()), vertices_.end());
    }

    [[nodiscard]] std::int32_t at(Point point) const {
        return static_cast<std::int32_t>(std::lower_bound(vertices_.begin(), vertices_.end(), point) - vertices_.begin()) + 1;
    }
    [[nodiscard]] Point point(std::int32_t vertex) const { return vertices_[static_cast<std::size_t>(vertex) - 1]; }

    void add(const Step& step) { steps_.push_back(step); }

    // What the numbering names and is not there.
    void add_numbered(const std::vector<std::uint8_t>& there) {
        for (std::int32_t v = 1; v <= static_cast<std::int32_t>(vertices_.size()); ++v) {
            if (there[static_cast<std::size_t>(v)] != 0) continue;
            const Point here = point(v);
            if (here == Point{}) {
                add({0, v, 1, Verdict::certain, Kind::full, -1});
            } else if (here.incremental == 0) {
                add({1, v, 1, Verdict::certain, Kind::differential, -1});
            } else if (point(v - 1).differential == here.differential) {
                add({v - 1, v, here.incremental - point(v - 1).incremental, Verdict::certain, Kind::incremental, -1});
            }
        }
    }

    std::optional<Mend> shortest() {
        std::stable_sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) { return a.head < b.head; });
        std::vector<std::uint64_t> cost(vertices_.size() + 1, unreachable);
        std::vector<Verdict> verdict(vertices_.size() + 1, Verdict::broken);
        std::vector<const Step*> by(vertices_.size() + 1, nullptr);
        cost[0] = 0;
        verdict[0] = Verdict::certain;
        for (const Step& step : steps_) {
            const auto tail = static_cast<std::size_t>(step.tail);
            const auto head = static_cast<std::size_t>(step.head);
            if (cost[tail] == unreachable) continue;
            const auto sum = cost[tail] + step.cost;
            const auto then = std::min(verdict[tail], step.strength);
            if (sum > cost[head] || (sum == cost[head] && then <= verdict[head])) continue;
            cost[head] = sum;
            verdict[head] = then;
            by[head] = &step;
        }
        if (cost[static_cast<std::size_t>(goal_)] == unreachable) return std::nullopt;
        Mend result;
        result.count = cost[static_cast<std::size_t>(goal_)];
        result.verdict = verdict[static_cast<std::size_t>(goal_)];
        for (std::int32_t v = goal_; v != 0; v = by[static_cast<std::size_t>(v)]->tail) {
            const Step& step = *by[static_cast<std::size_t>(v)];
            if (step.cost > 0) note(result.files, step);
        }
        std::reverse(result.files.begin(), result.files.end());
        for (Absent& absent : result.files) {
            if (absent.name.empty()) absent.name = name_of(absent);
        }
        return result;
    }

    // Steps come from the last to the first; runs that meet become one.
    void note(std::vector<Absent>& files, const Step& step) const {
        const Point head = point(step.head);
        if (step.kind != Kind::incremental) {
            files.push_back({step.kind, head, head, step.memory < 0 ? "" : memory_[static_cast<std::size_t>(step.memory)].name});
            return;
        }
        const Point first{head.differential, point(step.tail).incremental + 1};
        const bool meets = !files.empty() && files.back().kind == Kind::incremental &&
                           files.back().first.differential == head.differential && files.back().first.incremental == head.incremental + 1;
        if (meets) {
            files.back().first = first;
        } else {
            files.push_back({Kind::incremental, first, head, ""});
        }
    }

    [[nodiscard]] std::string name_of(const Absent& absent) const {
        Name name;
        name.type = NameType::image;
        name.conventional = true;
        name.kind = absent.kind;
        name.volume = volume_;
        name.base = chain_.base;
        name.differential = absent.first.differential;
        name.incremental = absent.first.incremental;
        return format(name);
    }

    const Chain& chain_;
    std::string_view volume_;
    std::span<const Memory> memory_;
    Verdict least_;
    std::vector<Gone> gone_;
    std::vector<Point> vertices_;  // without vertex 0
    std::vector<Step> steps_;
    std::int32_t goal_ = 0;
};

}  // namespace

std::optional<Mend> mend(const Chain& chain, std::string_view volume, std::span<const Memory> memory, Point point, Verdict goal) {
    return Mender(chain, volume, memory, point, std::max(goal, Verdict::doubtful)).run();
}

}  // namespace spchain
