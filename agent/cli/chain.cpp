#include "agent/cli/chain_source.hpp"
#include "agent/cli/chain_text.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/status_page.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/picture/dot.hpp"
#include "agent/picture/svg.hpp"

#include <algorithm>
#include <limits>
#include <ostream>

namespace imc::cli {
namespace {

using nlohmann::json;

constexpr std::int64_t narrowest_text = 20;
constexpr std::int64_t widest_text = 1000;

std::string words(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

// The chain of a volume that is meant: by --point, by --base, else the newest that has points.
const json* pick_chain(const json& volume, std::uint32_t base) {
    const json& chains = list_at(volume, "chains");
    const json* newest = nullptr;
    for (const auto& chain : chains) {
        if (base != 0 && count_at(chain, "base") == base) return &chain;
        if (base == 0 && (newest == nullptr || !list_at(chain, "points").empty())) newest = &chain;
    }
    return newest;
}

std::string bases_of(const json& volume) {
    std::vector<std::string> bases;
    for (const auto& chain : list_at(volume, "chains")) {
        bases.push_back(spchain::to_string(static_cast<std::uint32_t>(count_at(chain, "base")), {}));
    }
    return words(bases);
}

class Verb {
public:
    Verb(const Context& context, const ChainOptions& options) : context_(context), options_(options) {}

    int run() {
        if (!options_.point.empty()) {
            point_ = spchain::parse_point(options_.point);
            if (!point_) return context_.complain("--point: \"" + options_.point + "\" is no point such as b001-i012", exit_usage);
        }
        source_ = ChainSource::open(context_, options_.place, options_.now);
        if (!source_) return exit_failed;
        const auto volumes = source_->volumes();
        std::string why;
        const auto volume = pick_volume(volumes, options_.volume, why);
        if (volume) return show(*volume);
        // People want to see something; a script must say which one it means.
        const bool all = options_.volume.empty() && volumes.size() > 1 && options_.form == ChainForm::text && !point_ && options_.base == 0;
        if (!all) return context_.complain(why, volumes.size() > 1 || !options_.volume.empty() ? exit_usage : exit_failed);
        context_.err << "The volumes are " << visible(words(volumes)) << "; --volume shows one of them.\n";
        int code = exit_ok;
        for (const auto& one : volumes) {
            if (&one != &volumes.front()) context_.out << "\n";
            code = std::max(code, show(one));
        }
        return code;
    }

private:
    int show(const std::string& name) {
        auto volume = source_->volume(name, options_.form == ChainForm::json);
        if (!volume) return context_.complain(volume.error().says);
        const auto base = point_ ? point_->first : static_cast<std::uint32_t>(options_.base);
        const json* chain = pick_chain(*volume, base);
        if (!chain) {
            if (list_at(*volume, "chains").empty()) return context_.complain(name + " has no chain");
            return context_.complain(name + " has no base " + spchain::to_string(base, {}) + "; it has " + bases_of(*volume));
        }
        if (options_.form == ChainForm::json) return print(*volume, base);
        ChainView view = read_chain(*chain, name);
        if (point_ && !choose(view, point_->second)) {
            const bool some = view.chosen >= 0;
            return context_.complain(name + " has no point " + options_.point + (some ? "; the newest is " + view.chosen_name() : ""));
        }
        if (view.chosen >= 0) {
            const auto set = source_->restore_set(name, view.chosen_name());
            if (!set) return context_.complain(set.error().says);
            std::vector<std::string> names;
            for (const auto& file : list_at(*set, "files")) names.push_back(text_at(file, "name"));
            take_restore_set(view, names);
        }
        if (options_.form == ChainForm::svg) return svg(view);
        return options_.form == ChainForm::dot ? dot(view, name) : text(view, *volume);
    }

    int print(json& volume, std::uint32_t base) const {
        if (base != 0) {
            json one = json::array();
            for (auto& chain : volume["chains"]) {
                if (count_at(chain, "base") == base) one.push_back(std::move(chain));
            }
            volume["chains"] = std::move(one);
        }
        context_.print(volume);
        return exit_ok;
    }

    int dot(const ChainView& view, const std::string& name) const {
        if (view.chosen < 0) return context_.complain(name + " has no restore point");
        if (view.set.empty()) return context_.complain(view.chosen_name() + " is broken: no files give it back");
        context_.out << picture::dot_of(view.picture());
        return exit_ok;
    }

    int svg(const ChainView& view) const {
        picture::SvgOptions options;
        if (options_.width != 0) options.width = static_cast<int>(options_.width);
        options.axis = axis();
        options.blast = options_.blast;
        options.theme = options_.theme == "light"  ? picture::Theme::light
                        : options_.theme == "dark" ? picture::Theme::dark
                                                   : picture::Theme::automatic;
        context_.out << picture::svg_of(view.picture(), options);
        return exit_ok;
    }

    [[nodiscard]] picture::Axis axis() const { return options_.axis == "time" ? picture::Axis::time : picture::Axis::sequence; }

    [[nodiscard]] Style style() const {
        Style style = context_.style();
        if (options_.width != 0) style.width = static_cast<std::size_t>(std::clamp(options_.width, narrowest_text, widest_text));
        if (options_.plain) style = {style.width, false, false};
        if (options_.unicode) style.unicode = true;
        return style;
    }

    int text(const ChainView& view, const json& volume) const {
        const Style style = this->style();
        context_.out << chain_summary(view, style) << "\n" << chain_picture(view, style, {axis(), options_.blast});
        const std::string files = restore_set_part(view, style, 40);
        if (!files.empty()) context_.out << "\n" << files;
        PageOptions options;
        options.style = style;
        const std::string told = findings_part(list_at(volume, "findings"), options, std::numeric_limits<std::size_t>::max(), true);
        if (!told.empty()) context_.out << "\n" << style.paint("Findings", Tone::strong) << "\n" << told;
        const auto others = list_at(volume, "chains").size() - 1;
        if (others > 0 && options_.base == 0 && !point_) {
            context_.out << "\n" << paragraph("This is the newest of " + bases_of(volume) + "; --base N shows another.", style, 0);
        }
        return exit_ok;
    }

    const Context& context_;
    const ChainOptions& options_;
    std::optional<std::pair<std::uint32_t, spchain::Point>> point_;
    std::optional<ChainSource> source_;
};

}  // namespace

int chain(const Context& context, const ChainOptions& options) {
    return Verb(context, options).run();
}

}  // namespace imc::cli
