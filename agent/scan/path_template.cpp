#include "agent/scan/path_template.hpp"

#include "agent/scan/listing.hpp"
#include "agent/scan/paths.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace imc::scan {
namespace {

constexpr std::size_t max_components = 32;
constexpr std::size_t max_pieces = 16;

bool is_word(std::string_view text) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

// One component's literals and captures; what is wrong with it in a sentence, or nothing.
template <class Piece>
std::string split(std::string_view rest, std::vector<Piece>& pieces, std::vector<std::string>& names) {
    while (!rest.empty()) {
        const auto end = rest.find_first_of("{}");
        if (end != 0) {
            pieces.push_back({false, std::string(rest.substr(0, end))});
            rest.remove_prefix(std::min(end, rest.size()));
            continue;
        }
        const auto close = rest.find('}');
        if (rest.front() == '}' || close == std::string_view::npos) return "The path template has a brace without its partner.";
        const std::string name(rest.substr(1, close - 1));
        if (!is_word(name)) return "Words in braces are of a-z, 0-9 and '_': '{" + name + "}' is not.";
        if (std::find(names.begin(), names.end(), name) != names.end()) return "'{" + name + "}' occurs twice in the path template.";
        if (!pieces.empty() && pieces.back().capture) return "'{" + name + "}' follows another word in braces with nothing between them.";
        names.push_back(name);
        pieces.push_back({true, name});
        rest.remove_prefix(close + 1);
    }
    return pieces.size() > max_pieces ? "A component of the path template has more than 16 parts." : "";
}

}  // namespace

std::optional<PathTemplate> PathTemplate::compile(const std::string& text, std::string& why) {
    PathTemplate out;
    std::vector<std::string> names;
    for (const auto component : scan::components(PathStyle::posix, text)) {
        auto& pieces = out.components_.emplace_back();
        why = split(component, pieces, names);
        if (component.empty() && out.components_.size() > 1) why = "The path template has an empty component ('//' or a '/' at its end).";
        const auto is_root = [](const Piece& p) { return p.capture && p.text == "root"; };
        const bool has_root = std::any_of(pieces.begin(), pieces.end(), is_root);
        if (has_root && (pieces.size() != 1 || out.components_.size() != 1))
            why = "'{root}' must stand alone at the beginning of the path template.";
        if (out.components_.size() > max_components) why = "The path template has more than 32 components.";
        if (!why.empty()) return std::nullopt;
    }
    if (text.empty())
        why = "The path template is empty.";
    else if (text.find('\\') != std::string::npos)
        why = "The path template must be written with '/', on Windows too.";
    else if (names.empty())
        why = "The path template captures nothing: it has no word in braces.";
    if (!why.empty()) return std::nullopt;
    return out;
}

namespace {

// Literals are found from the left, the last one at the end; each capture takes at least one character. This finds a
// fit whenever there is one, because no two captures touch.
template <class Piece>
bool fit(const std::vector<Piece>& pieces, std::string_view text, std::map<std::string, std::string>& out) {
    const PathStyle style = native_style();
    const auto starts = [&](std::string_view at, std::string_view word) {
        return at.size() >= word.size() && same_text(style, at.substr(0, word.size()), word);
    };
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (!pieces[i].capture) {
            if (!starts(text, pieces[i].text)) return false;
            text.remove_prefix(pieces[i].text.size());
            continue;
        }
        std::size_t length = text.size();
        if (i + 1 < pieces.size()) {
            const std::string_view word = pieces[i + 1].text;
            if (i + 2 == pieces.size()) {
                if (text.size() <= word.size()) return false;
                length = text.size() - word.size();
            } else {
                length = 1;
                while (length < text.size() && !starts(text.substr(length), word)) ++length;
            }
        }
        if (length == 0) return false;
        out[pieces[i].text] = std::string(text.substr(0, length));
        text.remove_prefix(length);
    }
    return text.empty();
}

template <class Component>
bool fit_all(std::span<const Component> wanted, std::span<const std::string_view> there, std::map<std::string, std::string>& out) {
    if (wanted.size() != there.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!fit(wanted[i], there[i], out)) return false;
    }
    return true;
}

}  // namespace

std::optional<std::map<std::string, std::string>> PathTemplate::match(const std::string& path,
                                                                      const std::vector<std::string>& roots) const {
    using Components = std::span<const std::vector<Piece>>;
    const PathStyle style = native_style();
    const std::string normal = normalise(path);
    const std::vector<std::string_view> there = scan::components(style, normal);
    const auto& first = components_.front();
    const bool rooted = first.size() == 1 && first.front().capture && first.front().text == "root";
    std::map<std::string, std::string> out;
    if (!rooted) {
        if (fit_all(Components(components_), std::span<const std::string_view>(there), out)) return out;
        return std::nullopt;
    }
    for (const auto& root : roots) {
        const std::string top = normalise(root);
        std::vector<std::string_view> above = scan::components(style, top);
        if (above.back().empty()) above.pop_back();  // "/" and "C:\" end in their separator
        if (above.size() > there.size()) continue;
        const auto same = [style](std::string_view a, std::string_view b) { return same_text(style, a, b); };
        if (!std::equal(above.begin(), above.end(), there.begin(), same)) continue;
        out = {{"root", top}};
        const auto below = std::span<const std::string_view>(there).subspan(above.size());
        if (fit_all(Components(components_).subspan(1), below, out)) return out;
    }
    return std::nullopt;
}

}  // namespace imc::scan
