#include "agent/api/simulation_words.hpp"

#include "agent/monitor/words.hpp"

#include <algorithm>

namespace imc::api {

using monitor::bytes_text;
using monitor::count_text;
using monitor::list_text;
using spchain::Verdict;

namespace {

class Teller {
public:
    Teller(const spchain::Chain& chain, const std::vector<std::string>& names, const Effect& effect)
        : chain_(chain), names_(names), effect_(effect), cost_(effect.cost) {}

    nlohmann::json run() {
        if (effect_.what == Effect::What::loss) loss();
        if (effect_.what == Effect::What::policy) policy();
        if (effect_.what == Effect::What::limit) limit();
        if (effect_.files.empty()) return says_;
        points();
        newest();
        stranded();
        mend();
        certainty();
        return says_;
    }

private:
    void say(std::string sentence) { says_.push_back(std::move(sentence)); }

    [[nodiscard]] std::string files_text() const {
        return count_text(effect_.files.size(), "file", "files") + " (" + list_text(names_, named_files, effect_.files.size()) + "), " +
               bytes_text(cost_.lost_bytes);
    }

    void loss() {
        if (effect_.files.size() == 1) {
            say("This is what it would cost if " + names_.front() + ", " + bytes_text(cost_.lost_bytes) + ", were lost.");
        } else {
            say("This is what it would cost if " + files_text() + ", were lost.");
        }
    }

    void policy() {
        std::string at = "Under this policy";
        if (effect_.when != effect_.looked) at += ", at " + monitor::moment_text(effect_.when) + " and of the files that are there now";
        say(at + (effect_.files.empty() ? ", no file would go." : ", " + files_text() + ", would go; ImageManager may keep them longer."));
    }

    void limit() {
        std::uint64_t before = 0;
        for (const auto& image : chain_.images) before += image.bytes;
        const std::string room = bytes_text(effect_.limit);
        if (effect_.files.empty()) {
            say(effect_.fits ? "The chain takes " + bytes_text(before) + " and fits into " + room + " as it is."
                             : "The chain takes " + bytes_text(before) + ", and no file could go without giving up its newest points.");
            return;
        }
        const std::string after = bytes_text(before - cost_.lost_bytes);
        say(effect_.fits ? "To fit into " + room + ", " + files_text() + ", would have to go; " + after + " would stay."
                         : "It would not fit into " + room + ": even without " + files_text() + ", " + after + " would stay.");
    }

    [[nodiscard]] std::string point(std::size_t at) const {
        const auto& state = chain_.points[at];
        std::string text = spchain::to_string(chain_.base, state.point);
        return state.written == spchain::no_time ? text : text + " (" + monitor::moment_text(state.written) + ")";
    }

    // "b001-i004 (...)", "b001-i004 (...) to b001-i009 (...)"
    [[nodiscard]] std::string range(bool lost) const {
        const auto fits = [lost](const spchain::PointChange& change) { return (change.after == Verdict::broken) == lost; };
        const auto first = std::find_if(cost_.points.begin(), cost_.points.end(), fits);
        const auto last = std::find_if(cost_.points.rbegin(), cost_.points.rend(), fits);
        return first->point == last->point ? point(first->point) : point(first->point) + " to " + point(last->point);
    }

    void points() {
        if (cost_.points_lost > 0) {
            const bool wanted = effect_.what == Effect::What::policy;
            say(count_text(cost_.points_lost, "restore point", "restore points") +
                (wanted ? " would come to an end: " : " would be lost: ") + range(true) + ".");
        } else {
            say("Every restore point that can be restored now still could be.");
        }
        if (cost_.points_sunk > 0) {
            say("Of " + count_text(cost_.points_sunk, "more point", "more points") + " less could be said than now: " + range(false) + ".");
        }
    }

    void newest() {
        if (cost_.points_lost == 0) return;
        say(cost_.newest < 0
                ? "Nothing could be restored any more."
                : "The newest point that could still be restored would be " + point(static_cast<std::size_t>(cost_.newest)) + ".");
    }

    void stranded() {
        if (cost_.stranded.empty()) return;
        say(count_text(cost_.stranded.size(), "other file", "other files") + ", " + bytes_text(cost_.stranded_bytes) +
            ", would lie there for nothing.");
    }

    void mend() {
        if (!effect_.mend) return;
        const auto& found = *effect_.mend;
        std::vector<std::string> names;
        for (const auto& file : found.files) names.push_back(file.name);
        say("For the newest of these points " + count_text(found.count, "file", "files") +
            " would have to come back: " + list_text(names, named_files, found.count) + ".");
    }

    void certainty() {
        if (cost_.certainty == Verdict::certain) return;
        say("That no more would be lost is " + std::string(spchain::to_string(cost_.certainty)) +
            ": where some of the files that would stay begin is inferred" +
            (cost_.certainty == Verdict::presumed ? "." : " and in doubt."));
    }

    const spchain::Chain& chain_;
    const std::vector<std::string>& names_;
    const Effect& effect_;
    const spchain::LossCost& cost_;
    nlohmann::json says_ = nlohmann::json::array();
};

}  // namespace

nlohmann::json sentences_of(const spchain::Chain& chain, const std::vector<std::string>& names, const Effect& effect) {
    return Teller(chain, names, effect).run();
}

}  // namespace imc::api
