#include "agent/monitor/scan_words.hpp"

#include "agent/monitor/subject.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>

namespace imc::monitor {
namespace {

using spchain::Finding;
using spchain::FindingCode;

constexpr std::size_t named = 3;  // how many files a sentence names; the evidence has more

// One finding's sentence in the making.
class Sentence {
public:
    Sentence(const store::FolderRecord& folder, const Finding& finding, bool newest_base)
        : folder_(folder), finding_(finding), newest_base_(newest_base) {
        about_ = finding.volume.empty() ? folder.path : volume_subject(finding.volume, folder.machine, folder.customer);
        base_ = spchain::to_string(finding.base, {});
        count_ = std::max<std::uint64_t>({finding.count, finding.points.size(), finding.files.size(), 1});
    }

    [[nodiscard]] ScanWords words() const {
        switch (finding_.code) {
            case FindingCode::chain_broken:
                return {broken(), bring_back(), {}};
            case FindingCode::chain_doubtful:
                return {doubtful(), {}, {}};
            case FindingCode::points_retired:
                return {retired(), {}, {}};
            case FindingCode::base_missing:
                return {base_missing(), bring_back(), {}};
            case FindingCode::md5_missing:
                return {md5(), {}, replica() ? std::optional<std::string_view>("warning") : std::nullopt};
            case FindingCode::bad_log:
                return {bad_log(), {}, {}};
            case FindingCode::new_base:
                return {new_base(), {}, {}};
            case FindingCode::unconventional_image:
                return {unconventional(), {}, {}};
            case FindingCode::duplicate_image:
                return {duplicate(), {}, {}};
            case FindingCode::span_gap:
                return {span_gap(), {}, {}};
            case FindingCode::apostrophe:
                return {apostrophe(), {}, {}};
            case FindingCode::empty_image:
                return {empty(), {}, {}};
            case FindingCode::image_vanished:
                return {vanished(), {}, finding_.newest_affected ? std::optional<std::string_view>("critical") : std::nullopt};
            case FindingCode::times_lost:
                return {times_lost(), {}, {}};
            case FindingCode::image_damaged:
                return {damaged(), {}, {}};
            case FindingCode::verification_failed:
                return {verification_failed(), {}, {}};
            case FindingCode::chain_incomplete:
                return {incomplete(), {}, {}};
            case FindingCode::chain_unsettled:
                return {unsettled(), {}, {}};
        }
        return {about_ + " has a finding.", {}, {}};
    }

private:
    [[nodiscard]] bool replica() const { return folder_.profile == "replica"; }
    [[nodiscard]] bool one() const { return count_ == 1; }

    // " (a, b and 4 more)", or nothing where no name is known.
    [[nodiscard]] std::string files() const {
        return finding_.files.empty() ? std::string() : " (" + list_text(finding_.files, named, count_) + ")";
    }

    // "Restore point b001-i031 of C_VOL", "3 restore points of C_VOL (b001-i031 to b001-i033)".
    [[nodiscard]] std::string points() const {
        const auto& p = finding_.points;
        if (one()) return "Restore point " + (p.empty() ? base_ : p[0]) + " of " + about_;
        std::string text = std::to_string(count_) + " restore points of " + about_;
        if (p.empty()) return text;
        if (p.size() < count_) return text + " (the first is " + p[0] + ")";
        if (p.size() <= named) return text + " (" + list_text(p, named, p.size()) + ")";
        return text + (consecutive() ? " (" + p.front() + " to " + p.back() + ")" : " (between " + p.front() + " and " + p.back() + ")");
    }

    [[nodiscard]] bool consecutive() const {
        const auto first = spchain::parse_point(finding_.points.front());
        const auto last = spchain::parse_point(finding_.points.back());
        return first && last && first->second.differential == last->second.differential &&
               last->second.incremental - first->second.incremental + 1 == finding_.points.size();
    }

    // What is true of the newest point, and no more than that.
    [[nodiscard]] std::string newest() const {
        if (!finding_.newest_affected) return "; the newest point of " + base_ + " is not affected";
        if (!newest_base_) return "; the newest point of " + base_ + " is among them";
        return one() ? ", so the volume cannot be returned to its latest state"
                     : "; the newest is among them, so the volume cannot be returned to its latest state";
    }

    [[nodiscard]] std::string broken() const {
        std::string why = "no complete row of files leads there";
        const auto& absent = finding_.absent;
        if (!absent.empty()) why = list_text(absent, named, absent.size()) + (absent.size() == 1 ? " is missing" : " are missing");
        return points() + " cannot be restored because " + why + newest() + ".";
    }

    [[nodiscard]] std::string doubtful() const {
        const std::string what = one() ? ": whether it can be restored is doubtful" : ": whether they can be restored is doubtful";
        std::string last = finding_.newest_affected ? "; the newest point of " + base_ + " is " + (one() ? "this one" : "among them")
                                                    : "; the newest point of " + base_ + " is not affected";
        return "A consolidated image is probably missing before " + lower_first(points()) + what + last + ".";
    }

    [[nodiscard]] std::string retired() const {
        return points() + " can no longer be restored, as retention is removing the images of their period; the period's end is kept.";
    }

    [[nodiscard]] std::string base_missing() const {
        const std::string file = finding_.absent.empty() ? std::string() : " (" + finding_.absent.front() + ")";
        return "The full image of base " + base_ + " of " + about_ + file +
               " is missing; nothing of this chain can be restored from this folder.";
    }

    [[nodiscard]] std::string md5() const {
        const std::string head =
            count_text(count_, "image", "images") + " of " + about_ + (one() ? " has" : " have") + " no .md5 file" + files();
        return head + "; ImageManager takes " + (one() ? "it" : "them") + " for corrupt" +
               (replica() ? "." : ", and ShadowProtect stops making backups on such a chain.");
    }

    [[nodiscard]] std::string bad_log() const {
        return "Verification of images of " + about_ + " has failed" + files() +
               "; they may be damaged, and ShadowProtect may have stopped " + "making backups on the chain.";
    }

    [[nodiscard]] std::string new_base() const {
        return about_ + " has begun the new base " + base_ + files() +
               " while an older one is still there; ImageManager does not remove the old chain, so both take space.";
    }

    [[nodiscard]] std::string unconventional() const {
        return count_text(count_, "image", "images") + " in " + about_ + (one() ? " has a name that belongs" : " have names that belong") +
               " to no chain" + files() + "; answers about restore points leave " + (one() ? "it" : "them") + " out.";
    }

    [[nodiscard]] std::string duplicate() const {
        const std::string names = finding_.files.empty() ? "" : " (" + list_text(finding_.files, named, finding_.files.size()) + ")";
        return "Several files are the same image of " + about_ + names + "; which of them a restore would take is not known.";
    }

    [[nodiscard]] std::string span_gap() const {
        return "Parts of a spanned image of " + about_ + " are missing between those that are there" + files() +
               "; the image cannot be read.";
    }

    [[nodiscard]] std::string apostrophe() const {
        if (finding_.files.empty()) return "The path " + folder_.path + " has an apostrophe, which ImageManager does not support.";
        return count_text(count_, "file", "files") + " in " + folder_.path + (one() ? " has" : " have") + " an apostrophe in the name" +
               files() + ", which ImageManager does not support.";
    }

    [[nodiscard]] std::string empty() const {
        return count_text(count_, "image", "images") + " of " + about_ + (one() ? " is empty" : " are empty") + files() +
               "; restore points that need " + (one() ? "it" : "them") + " cannot be restored.";
    }

    [[nodiscard]] std::string vanished() const {
        return count_text(count_, "image", "images") + " of " + about_ + (one() ? " is" : " are") + " gone" + files() +
               ", and neither retention nor consolidation explains it" +
               (finding_.newest_affected ? "; the newest point of " + base_ + " needs what is gone, or may need it." : ".");
    }

    [[nodiscard]] std::string times_lost() const {
        return "The file times of " + (finding_.base == 0 ? about_ : "base " + base_ + " of " + about_) +
               " are all equal or impossible; answers about its restore points rest on names alone.";
    }

    [[nodiscard]] std::string file() const { return finding_.files.empty() ? "an image" : finding_.files.front(); }

    [[nodiscard]] std::string damaged() const {
        const std::string head =
            "The bytes of " + file() + " (" + about_ + ") are not those that its .md5 was made of, so the image is damaged";
        if (finding_.count == 0) return head + "; no restore point depends on it alone.";
        return head + "; " + lower_first(points()) + " cannot be restored without it" + newest() + ".";
    }

    [[nodiscard]] std::string verification_failed() const {
        const std::string head = "ImageManager could not verify " + file() + " (" + about_ + ")";
        if (finding_.count == 0) return head + "; no restore point depends on it alone.";
        return head + "; whether " + lower_first(points()) + " can be restored is doubtful" + newest() + ".";
    }

    [[nodiscard]] std::string incomplete() const {
        const std::string of = finding_.files.empty() ? std::string() : " (said of " + finding_.files.front() + ")";
        const std::string head = "ImageManager misses a file that base " + base_ + " of " + about_ + " needs" + of;
        if (finding_.count == 0) return head + ".";
        return head + "; " + lower_first(points()) + " cannot be restored, whatever the names suggest" + newest() + ".";
    }

    [[nodiscard]] std::string unsettled() const {
        return "ImageManager missed a file that base " + base_ + " of " + about_ +
               " needs and has consolidated the chain since; whether it is whole is not known.";
    }

    [[nodiscard]] std::string bring_back() const {
        if (finding_.absent.empty()) return {};
        const std::string what = list_text(finding_.absent, named, finding_.absent.size());
        const std::string otherwise = finding_.newest_affected
                                          ? "if there is none, start a new base now and keep what can still be restored."
                                          : "if there is none, these points are lost.";
        return "Bring " + what + " back from a replica or an older copy; " + otherwise;
    }

    static std::string lower_first(std::string text) {
        if (!text.empty() && text[0] == 'R') text[0] = 'r';
        return text;
    }

    const store::FolderRecord& folder_;
    const Finding& finding_;
    bool newest_base_;
    std::string about_;
    std::string base_;
    std::uint64_t count_;
};

}  // namespace

ScanWords scan_words(const store::FolderRecord& folder, const Finding& finding, bool newest_base) {
    return Sentence(folder, finding, newest_base).words();
}

}  // namespace imc::monitor
