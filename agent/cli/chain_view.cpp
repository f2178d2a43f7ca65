#include "agent/cli/chain_view.hpp"

#include "agent/cli/fields.hpp"
#include "agent/cli/text.hpp"

#include <algorithm>
#include <map>
#include <optional>

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

spchain::UnixTime moment_at(const json& object, const char* key) {
    const auto time = time_at(object, key);
    return time == 0 ? spchain::no_time : time;
}

void read_image(const json& item, ChainView& view) {
    const auto kind = word_of(text_at(item, "kind"), spchain::Kind::consolidated);
    const auto head = point_at(item, "head");
    if (!kind || !head) return;
    spchain::Image image;
    image.entry = static_cast<std::uint32_t>(view.entries.size());
    image.bytes = count_at(item, "bytes");
    image.written = moment_at(item, "written");
    image.kind = *kind;
    image.head = *head;
    image.tail = point_at(item, "tail").value_or(*head);
    image.basis = word_of(text_at(item, "basis"), spchain::Basis::named).value_or(spchain::Basis::inferred);
    image.state = word_of(text_at(item, "state"), spchain::State::orphan).value_or(spchain::State::orphan);
    image.standing = word_of(text_at(item, "standing"), spchain::Standing::refused).value_or(spchain::Standing::good);
    image.suspicious = flag_at(item, "suspicious");
    image.blast_radius = static_cast<std::uint32_t>(count_at(item, "blast_radius"));
    view.entries.push_back({text_at(item, "name"), image.bytes, image.written});
    view.chain.images.push_back(image);
}

void read_point(const json& item, ChainView& view) {
    const auto point = point_at(item, "point");
    if (!point) return;
    spchain::PointState state;
    state.point = *point;
    state.written = moment_at(item, "written");
    state.verdict = word_of(text_at(item, "verdict"), spchain::Verdict::certain).value_or(spchain::Verdict::broken);
    state.restore_bytes = count_at(item, "restore_set_bytes");
    state.restore_files = static_cast<std::uint32_t>(count_at(item, "restore_set_files"));
    view.chain.points.push_back(state);
}

void read_missing(const json& item, ChainView& view) {
    const auto kind = word_of(text_at(item, "kind"), spchain::Kind::consolidated);
    const auto first = point_at(item, "first");
    const auto last = point_at(item, "last");
    if (!kind || !first || !last) return;
    view.missing.push_back({text_at(item, "name"), *kind, *first, *last, point_at(item, "begins").value_or(*first),
                            std::max<std::uint64_t>(1, count_at(item, "count"))});
}

}  // namespace

ChainView read_chain(const json& chain, const std::string& volume) {
    ChainView view;
    view.volume = visible(volume);
    view.chain.base = static_cast<std::uint32_t>(count_at(chain, "base"));
    for (const auto& item : list_at(chain, "images")) read_image(item, view);
    for (const auto& item : list_at(chain, "points")) read_point(item, view);
    if (chain.is_object() && chain.contains("picture")) {
        for (const auto& item : list_at(chain["picture"], "missing")) read_missing(item, view);
    }
    view.geometry = picture::geometry_of(view.chain, view.missing);
    if (const auto newest = point_at(chain, "newest_point"); newest && !choose(view, *newest)) view.chosen = -1;
    view.chain.newest = view.chosen;
    return view;
}

bool choose(ChainView& view, spchain::Point point) {
    const auto& points = view.chain.points;
    const auto found = std::find_if(points.begin(), points.end(), [point](const auto& p) { return p.point == point; });
    if (found == points.end()) return false;
    view.chosen = static_cast<std::int32_t>(found - points.begin());
    return true;
}

void take_restore_set(ChainView& view, const std::vector<std::string>& names) {
    std::map<std::string_view, std::uint32_t> by_name;
    for (std::uint32_t i = 0; i < view.entries.size(); ++i) by_name[view.entries[i].name] = i;
    view.set.clear();
    for (const auto& name : names) {
        const auto found = by_name.find(visible(name));
        if (found != by_name.end()) view.set.push_back(found->second);
    }
}

}  // namespace imc::cli
