#include "agent/cli/chain_view.hpp"

#include "agent/cli/fields.hpp"
#include "agent/cli/text.hpp"

#include <algorithm>
#include <map>

namespace imc::cli {

using nlohmann::json;

namespace {

// The enumerator whose word this is; `last` is the highest.
template <class Enum>
std::optional<Enum> word_of(const std::string& word, Enum last) {
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        if (spchain::to_string(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

std::optional<spchain::Point> point_at(const json& object, const char* key) {
    const auto parsed = spchain::parse_point(text_at(object, key));
    return parsed ? std::optional(parsed->second) : std::nullopt;
}

std::optional<ViewImage> read_image(const json& item) {
    const auto kind = word_of(text_at(item, "kind"), spchain::Kind::consolidated);
    const auto head = point_at(item, "head");
    if (!kind || !head) return std::nullopt;
    ViewImage image;
    image.name = text_at(item, "name");
    image.bytes = count_at(item, "bytes");
    image.written = time_at(item, "written");
    image.kind = *kind;
    image.head = *head;
    image.tail = point_at(item, "tail").value_or(*head);
    image.basis = word_of(text_at(item, "basis"), spchain::Basis::named).value_or(spchain::Basis::inferred);
    image.state = word_of(text_at(item, "state"), spchain::State::orphan).value_or(spchain::State::orphan);
    image.suspicious = flag_at(item, "suspicious");
    return image;
}

}  // namespace

ChainView read_chain(const json& chain) {
    ChainView view;
    view.base = static_cast<std::uint32_t>(count_at(chain, "base"));
    for (const auto& item : list_at(chain, "images")) {
        if (auto image = read_image(item)) view.images.push_back(std::move(*image));
    }
    for (const auto& item : list_at(chain, "points")) {
        const auto point = point_at(item, "point");
        if (!point) continue;
        view.points.push_back({*point, time_at(item, "written"),
                               word_of(text_at(item, "verdict"), spchain::Verdict::certain).value_or(spchain::Verdict::broken),
                               count_at(item, "restore_set_bytes"), count_at(item, "restore_set_files")});
    }
    if (const auto newest = point_at(chain, "newest_point"); newest && !choose(view, *newest)) view.chosen.reset();
    return view;
}

bool choose(ChainView& view, spchain::Point point) {
    const auto found = std::find_if(view.points.begin(), view.points.end(), [point](const ViewPoint& p) { return p.point == point; });
    if (found == view.points.end()) return false;
    view.chosen = static_cast<std::size_t>(found - view.points.begin());
    return true;
}

void take_restore_set(ChainView& view, const std::vector<std::string>& names) {
    std::map<std::string_view, std::size_t> by_name;
    for (std::size_t i = 0; i < view.images.size(); ++i) by_name[view.images[i].name] = i;
    view.set.clear();
    for (const auto& name : names) {
        const auto found = by_name.find(visible(name));
        if (found == by_name.end()) continue;
        view.set.push_back(found->second);
        view.images[found->second].in_set = true;
    }
}

}  // namespace imc::cli
