// Verdicts that names give, held against what is said from elsewhere; when an objection ends is described in statement.hpp.
#include "assemble.hpp"
#include "spchain/ascii.hpp"

#include <algorithm>
#include <unordered_map>

namespace spchain {
namespace {

constexpr std::size_t most_singled_out = 50;  // damaged images whose points are told one by one

// 0: a raw increment, a differential or a full image.
int rank_of(Kind kind) noexcept {
    return is_consolidation(kind) ? 1 + static_cast<int>(level_of(kind)) : 0;
}

class Hearing {
public:
    Hearing(Group& group, const FolderInput& input, Volume& volume, std::vector<std::uint32_t>& settled)
        : chain_(group.chain), input_(input), volume_(volume), settled_(settled), timed_(!group.times_lost) {
        for (std::uint32_t k = 0; k < chain_.images.size(); ++k) images_.emplace(ascii::lower(name_of(k)), k);
        for (const PointState& point : chain_.points) by_names_.push_back(point.verdict);
    }

    void run(std::span<const std::uint32_t> indices) {
        sort(indices);
        for (const auto k : damaged_) damage(k);
        for (const auto k : questioned_) question(k);
        const Statement* worst = nullptr;
        Outcome outcome = Outcome::settled;
        for (const auto k : incomplete_) {
            const auto now = outcome_of(input_.statements[k]);
            if (now == Outcome::settled) settled_.push_back(k);
            if (worst != nullptr && now <= outcome) continue;
            worst = &input_.statements[k];
            outcome = now;
        }
        if (outcome != Outcome::settled) doubt(*worst, outcome);
        if (!changed_) return;
        find_paths(chain_);
        tell(worst, outcome);
    }

private:
    enum class Outcome { settled, unsettled, broken };

    [[nodiscard]] const std::string& name_of(std::uint32_t image) const { return input_.entries[chain_.images[image].entry].name; }

    // The image that a statement is about, while it is there as it was then.
    [[nodiscard]] Image* image_of(const Statement& statement) {
        const auto found = images_.find(ascii::lower(statement.image));
        if (found == images_.end()) return nullptr;
        Image& image = chain_.images[found->second];
        // One that is being written has no size to be known by.
        const bool same = image.state == State::settling || !statement.bytes || *statement.bytes == input_.entries[image.entry].bytes;
        return same ? &image : nullptr;
    }

    // A good word is of the very file it was said of, or of none.
    [[nodiscard]] bool is_still_it(const Statement& statement) {
        const Image* image = image_of(statement);
        if (image == nullptr || image->state == State::settling) return false;
        return !statement.written || *statement.written == input_.entries[image->entry].written;
    }

    void sort(std::span<const std::uint32_t> indices) {
        for (const auto k : indices) {
            const Statement& statement = input_.statements[k];
            const Name name = parse(statement.image);
            switch (statement.said) {
                case Said::damaged:
                    damaged_.push_back(k);
                    break;
                case Said::questioned:
                    questioned_.push_back(k);
                    break;
                case Said::incomplete:
                    incomplete_.push_back(k);
                    break;
                case Said::mounted:
                    mounted_.push_back({{name.differential, name.incremental}, statement.at});
                    break;
                case Said::sound: {
                    if (!is_still_it(statement)) break;
                    auto& at = sound_.try_emplace(ascii::lower(statement.image), statement.at).first->second;
                    at = std::max(at, statement.at);
                    break;
                }
            }
        }
    }

    [[nodiscard]] bool sound_since(const std::string& image, UnixTime at) const {
        const auto found = sound_.find(ascii::lower(image));
        return found != sound_.end() && found->second > at;
    }

    void damage(std::uint32_t k) {
        const Statement& statement = input_.statements[k];
        Image* image = image_of(statement);
        if (image == nullptr || sound_since(statement.image, statement.at)) {
            settled_.push_back(k);
            return;
        }
        if (image->state == State::settling) return;  // stands, and is heard once it has settled
        image->standing = Standing::refused;
        changed_ = true;
        bad_.push_back({static_cast<std::uint32_t>(image - chain_.images.data()), FindingCode::image_damaged});
    }

    void question(std::uint32_t k) {
        const Statement& statement = input_.statements[k];
        Image* image = image_of(statement);
        const auto proves = [&](const Mounted& m) { return m.at > statement.at && image->head <= m.point; };
        if (image == nullptr || sound_since(statement.image, statement.at) || std::any_of(mounted_.begin(), mounted_.end(), proves)) {
            settled_.push_back(k);
            return;
        }
        if (image->state == State::settling) return;
        if (image->standing == Standing::good) image->standing = Standing::doubted;
        changed_ = true;
        bad_.push_back({static_cast<std::uint32_t>(image - chain_.images.data()), FindingCode::verification_failed});
    }

    [[nodiscard]] Verdict by_names(Point point) const {
        const auto at = index_of(chain_.points, point);
        return at < 0 ? Verdict::broken : by_names_[static_cast<std::size_t>(at)];
    }

    // The point of the image that it was said of; of a chain only: the newest that there was.
    [[nodiscard]] Point point_of(const Statement& statement) const {
        if (!statement.image.empty()) {
            const Name name = parse(statement.image);
            return {name.differential, name.incremental};
        }
        Point newest;
        for (const Image& image : chain_.images) {
            if (image.written != no_time && image.written <= statement.at) newest = std::max(newest, image.head);
        }
        return newest;
    }

    [[nodiscard]] Outcome outcome_of(const Statement& statement) const {
        const Point point = point_of(statement);
        const auto proves = [&](const Mounted& m) { return m.at > statement.at && m.point >= point; };
        if (std::any_of(mounted_.begin(), mounted_.end(), proves)) return Outcome::settled;
        if (all_sound(point, statement.at)) return Outcome::settled;
        if (!timed_ || statement.at == no_time) return Outcome::broken;
        return statement.image.empty() ? worked_on(statement.at) : merged(parse(statement.image).kind, point, statement.at);
    }

    // Every image on a way that is certain by names was checked since, to one of the newest points or to the one that it was said of.
    [[nodiscard]] bool all_sound(Point from, UnixTime at) const {
        constexpr int most_tried = 50;
        if (sound_.empty()) return false;
        int tried = 0;
        for (std::size_t p = chain_.points.size(); p-- > 0 && chain_.points[p].point >= from && tried < most_tried;) {
            if (by_names_[p] != Verdict::certain) continue;
            ++tried;
            if (way_is_sound(chain_.points[p].point, at)) return true;
        }
        return by_names(from) == Verdict::certain && way_is_sound(from, at);
    }

    [[nodiscard]] bool way_is_sound(Point point, UnixTime at) const {
        const auto set = chain_.restore_set(point);
        return !set.empty() && std::all_of(set.begin(), set.end(), [&](std::uint32_t k) { return sound_since(name_of(k), at); });
    }

    [[nodiscard]] Outcome merged(Kind kind, Point point, UnixTime at) const {
        // Of each level only the first from the point on was made of the image.
        std::uint32_t levels_seen = 0;
        for (const Image& image : chain_.images) {
            const int rank = rank_of(image.kind);
            if (image.head < point || image.head.differential != point.differential || rank <= rank_of(kind)) continue;
            if (image.state == State::settling || image.standing == Standing::refused) continue;
            const auto level = 1U << static_cast<unsigned>(rank);
            if ((levels_seen & level) != 0) continue;
            levels_seen |= level;
            const bool later = image.written != no_time && image.written > at;
            if (later && by_names(image.head) >= Verdict::presumed) return Outcome::settled;
        }
        return Outcome::broken;
    }

    [[nodiscard]] Outcome worked_on(UnixTime at) const {
        const bool any = std::any_of(chain_.images.begin(), chain_.images.end(), [&](const Image& image) {
            return is_consolidation(image.kind) && image.state != State::settling && image.written != no_time && image.written > at &&
                   by_names(image.head) >= Verdict::presumed;
        });
        return any ? Outcome::unsettled : Outcome::broken;
    }

    void doubt(const Statement& statement, Outcome outcome) {
        const bool named = !statement.image.empty();
        const Point point = named ? point_of(statement) : Point{0, 1};
        for (Image& image : chain_.images) {
            const bool refused = outcome == Outcome::broken && image.head >= point;
            if (refused) {
                image.standing = Standing::refused;
            } else if (image.kind != Kind::full && image.standing == Standing::good) {
                image.standing = Standing::doubted;
            }
        }
        changed_ = true;
    }

    void tell(const Statement* worst, Outcome outcome) {
        for (std::size_t k = 0; k < bad_.size() && k < most_singled_out; ++k) tell_image(bad_[k]);
        if (outcome == Outcome::settled) return;
        const bool broken = outcome == Outcome::broken;
        Finding finding = begun(broken ? FindingCode::chain_incomplete : FindingCode::chain_unsettled);
        if (!worst->image.empty()) finding.files.push_back(worst->image);
        for (std::size_t p = 0; p < chain_.points.size(); ++p) {
            const bool worse = chain_.points[p].verdict < by_names_[p];
            if (worse && (!broken || chain_.points[p].verdict == Verdict::broken)) note(finding, p, Finding::evidence_limit);
        }
        // Where names said it already, the record stands all the same.
        if (finding.count == 0) finding.newest_affected = broken;
        volume_.findings.push_back(std::move(finding));
    }

    struct Bad {
        std::uint32_t image;
        FindingCode code;
    };

    // What this image alone takes away: the chain as names have it, without it.
    void tell_image(const Bad& bad) {
        Chain alone;
        alone.base = chain_.base;
        alone.images = chain_.images;
        for (Image& image : alone.images) image.standing = Standing::good;
        alone.images[bad.image].standing = Standing::refused;
        find_paths(alone);
        Finding finding = begun(bad.code);
        finding.files.push_back(name_of(bad.image));
        const auto limit = bad.code == FindingCode::image_damaged ? Finding::touched_limit : Finding::evidence_limit;
        for (std::size_t p = 0; p < chain_.points.size() && p < alone.points.size(); ++p) {
            if (by_names_[p] != Verdict::broken && alone.points[p].verdict == Verdict::broken) note(finding, p, limit);
        }
        volume_.findings.push_back(std::move(finding));
    }

    [[nodiscard]] Finding begun(FindingCode code) const {
        Finding finding;
        finding.code = code;
        finding.base = chain_.base;
        return finding;
    }

    void note(Finding& finding, std::size_t point, std::size_t limit) const {
        ++finding.count;
        finding.newest_affected |= static_cast<std::int32_t>(point) == chain_.newest;
        if (finding.points.size() < limit) finding.points.push_back(to_string(chain_.base, chain_.points[point].point));
    }

    struct Mounted {
        Point point;
        UnixTime at;
    };
    Chain& chain_;
    const FolderInput& input_;
    Volume& volume_;
    std::vector<std::uint32_t>& settled_;
    bool timed_;
    bool changed_ = false;
    std::unordered_map<std::string, std::uint32_t> images_;
    std::vector<Verdict> by_names_;  // per point
    std::vector<std::uint32_t> damaged_, questioned_, incomplete_;
    std::vector<Mounted> mounted_;
    std::unordered_map<std::string, UnixTime> sound_;
    std::vector<Bad> bad_;
};

}  // namespace

void hear_statements(Group& group, const FolderInput& input, std::span<const std::uint32_t> indices, Volume& volume,
                     std::vector<std::uint32_t>& settled) {
    if (group.chain.images.empty()) return;
    Hearing(group, input, volume, settled).run(indices);
}

}  // namespace spchain
