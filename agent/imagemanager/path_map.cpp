#include "agent/imagemanager/path_map.hpp"

namespace imc::imagemanager {
namespace {

using config::PathStyle;

bool slash(char c) noexcept {
    return c == '\\' || c == '/';
}

bool goes_up(std::string_view path) noexcept {
    for (std::size_t at = 0; at < path.size();) {
        std::size_t end = at;
        while (end < path.size() && !slash(path[end])) ++end;
        if (path.substr(at, end - at) == "..") return true;
        at = end + 1;
    }
    return false;
}

// How much of `path`, evened out, `from` is; 0: it does not begin with it.
std::size_t covered(const std::string& path, const std::string& from) noexcept {
    if (from.empty() || path.compare(0, from.size(), from) != 0) return 0;
    const bool whole = path.size() == from.size() || slash(path[from.size()]) || slash(from.back());
    return whole ? from.size() : 0;
}

// One separator where there are several, so that lengths are those of comparable(); case stays.
std::string evened(std::string_view path) {
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool again = slash(path[i]) && !out.empty() && out.back() == '\\' && i != 1;
        if (!again) out.push_back(slash(path[i]) ? '\\' : path[i]);
    }
    return out;
}

}  // namespace

std::optional<std::string> local_path(std::string_view path, std::span<const config::PathRule> rules, PathStyle style) {
    if (path.empty() || goes_up(path)) return std::nullopt;
    const std::string compared = config::comparable(path, PathStyle::windows);
    const config::PathRule* best = nullptr;
    std::size_t length = 0;
    for (const auto& rule : rules) {
        const std::size_t fits = covered(compared, config::comparable(rule.from, PathStyle::windows));
        if (fits > length) {
            length = fits;
            best = &rule;
        }
    }
    if (best == nullptr) return config::is_absolute(path, style) ? std::optional(std::string(path)) : std::nullopt;
    const char separator = style == PathStyle::windows ? '\\' : '/';
    const std::string whole = evened(path);
    std::string out = best->to;
    while (!out.empty() && slash(out.back())) out.pop_back();
    bool between = true;
    for (std::size_t at = std::min(length, whole.size()); at < whole.size(); ++at) {
        if (slash(whole[at])) {
            between = true;
            continue;
        }
        if (between) out.push_back(separator);
        between = false;
        out.push_back(whole[at]);
    }
    return out.empty() ? std::string(1, separator) : out;
}

}  // namespace imc::imagemanager
