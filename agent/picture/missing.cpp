#include "agent/picture/missing.hpp"

#include "spchain/mend.hpp"

#include <algorithm>
#include <tuple>

namespace imc::picture {
namespace {

using spchain::Kind;
using spchain::Point;
using spchain::Verdict;

constexpr std::size_t most_images = 300'000;  // of all searches together, for an answer in time

class Search {
public:
    Search(const spchain::Volume& volume, const spchain::Chain& chain, std::span<const spchain::Memory> memory)
        : volume_(volume), chain_(chain), memory_(memory) {
        for (const auto& finding : volume.findings) {
            if (finding.base != chain.base) continue;
            if (finding.code == spchain::FindingCode::points_retired) retired_ = &finding;
            if (finding.code == spchain::FindingCode::chain_broken) broken_ = &finding;
        }
    }

    std::vector<Missing> run() {
        const auto& points = chain_.points;
        const std::size_t most = std::clamp<std::size_t>(most_images / (chain_.images.size() + 1), 1, most_gaps);
        std::size_t looked = 0;
        for (std::size_t end = points.size(); end > 0 && looked < most;) {
            const Verdict verdict = points[end - 1].verdict;
            std::size_t begin = end - 1;
            while (begin > 0 && points[begin - 1].verdict == verdict) --begin;
            if (verdict < Verdict::presumed && !retired(begin, end)) {
                mend(points[end - 1].point, verdict);
                ++looked;
            }
            end = begin;
        }
        return united();
    }

private:
    [[nodiscard]] bool told_by(const spchain::Finding* finding, std::size_t point) const {
        if (finding == nullptr) return false;
        const auto text = spchain::to_string(chain_.base, chain_.points[point].point);
        return std::find(finding->points.begin(), finding->points.end(), text) != finding->points.end();
    }

    // The evidence of findings is limited: beyond it, points that an image leads over are taken for retired.
    [[nodiscard]] bool retired(std::size_t begin, std::size_t end) const {
        if (retired_ == nullptr || begin == 0 || told_by(broken_, begin)) return false;
        if (told_by(retired_, begin)) return true;
        if (retired_->points.size() < spchain::Finding::evidence_limit) return false;
        return std::any_of(chain_.images.begin(), chain_.images.end(), [&](const spchain::Image& image) {
            return image.tail_at == static_cast<std::int32_t>(begin) - 1 && image.head_at >= static_cast<std::int32_t>(end) &&
                   !image.suspicious;
        });
    }

    void mend(Point point, Verdict verdict) {
        const auto found = spchain::mend(chain_, volume_.name, memory_, point, Verdict::presumed);
        if (!found) return;
        // Of doubtful points only what was really seen is missing; increments that retention removed are not.
        const bool seen = std::all_of(found->files.begin(), found->files.end(), [](const auto& file) { return file.kind >= Kind::daily; });
        if (verdict == Verdict::doubtful && !seen) return;
        for (const auto& file : found->files) files_.push_back(missing(file));
    }

    [[nodiscard]] Missing missing(const spchain::Absent& file) const {
        Missing result{file.name, file.kind, file.first, file.last, {}, 1};
        if (file.kind == Kind::incremental) {
            result.tail = {file.first.differential, file.first.incremental - 1};
            result.count = std::uint64_t{file.last.incremental} - file.first.incremental + 1;
        } else if (file.kind >= Kind::daily) {
            const auto known = std::find_if(memory_.begin(), memory_.end(), [&file](const auto& m) { return m.name == file.name; });
            result.tail = known != memory_.end() && known->has_tail ? known->tail : file.first;
        }
        return result;
    }

    // Stretches may miss the same files.
    std::vector<Missing> united() {
        std::sort(files_.begin(), files_.end(), [](const Missing& a, const Missing& b) {
            return std::tie(a.first.differential, a.kind, a.first, a.last) < std::tie(b.first.differential, b.kind, b.first, b.last);
        });
        std::vector<Missing> result;
        for (auto& file : files_) {
            const bool meets = !result.empty() && result.back().kind == file.kind &&
                               result.back().first.differential == file.first.differential && file.first <= result.back().last;
            if (!meets) {
                result.push_back(std::move(file));
            } else if (file.kind == Kind::incremental && result.back().last < file.last) {
                result.back().last = file.last;
                result.back().count = std::uint64_t{file.last.incremental} - result.back().first.incremental + 1;
            }
        }
        std::stable_sort(result.begin(), result.end(), [](const Missing& a, const Missing& b) { return a.last < b.last; });
        return result;
    }

    const spchain::Volume& volume_;
    const spchain::Chain& chain_;
    std::span<const spchain::Memory> memory_;
    const spchain::Finding* retired_ = nullptr;
    const spchain::Finding* broken_ = nullptr;
    std::vector<Missing> files_;
};

}  // namespace

std::vector<Missing> missing_of(const spchain::Volume& volume, const spchain::Chain& chain, std::span<const spchain::Memory> memory) {
    return Search(volume, chain, memory).run();
}

}  // namespace imc::picture
