#include "agent/scan/paths.hpp"

#include "spchain/ascii.hpp"

#include <algorithm>

namespace imc::scan {
namespace {

namespace ascii = spchain::ascii;

char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

char separator(PathStyle style) noexcept {
    return style == PathStyle::posix ? '/' : '\\';
}

bool has_drive(std::string_view path) noexcept {
    return path.size() >= 2 && path[1] == ':' && ascii::lower(path[0]) >= 'a' && ascii::lower(path[0]) <= 'z';
}

// How much of a normal path is its root and never taken away: "/", "C:\", "\\server\share", "\\?\Volume{...}\".
std::size_t root_length(PathStyle style, std::string_view path) noexcept {
    if (style == PathStyle::posix) return path.substr(0, 1) == "/" ? 1 : 0;
    if (has_drive(path)) return std::min<std::size_t>(path.size(), 3);
    if (path.substr(0, 2) != "\\\\") return path.substr(0, 1) == "\\" ? 1 : 0;
    const auto server = path.find('\\', 2);
    if (server == std::string_view::npos) return path.size();
    const auto share = path.find('\\', server + 1);
    return share == std::string_view::npos ? path.size() : share;
}

std::string without_device_prefix(const std::string& path) {
    if (path.starts_with("\\\\?\\UNC\\")) return "\\\\" + path.substr(8);
    if (path.starts_with("\\\\?\\") && has_drive(std::string_view(path).substr(4))) return path.substr(4);
    return path;
}

// The components after the root, with "." and ".." resolved by name.
std::string rebuild(PathStyle style, std::string root, std::string_view rest) {
    std::vector<std::string_view> kept;
    for (const auto component : components(style, rest)) {
        if (component.empty() || component == ".") continue;
        if (component != "..") {
            kept.push_back(component);
        } else if (!kept.empty()) {
            kept.pop_back();
        }
    }
    for (const auto component : kept) {
        if (root.empty() || root.back() != separator(style)) root.push_back(separator(style));
        root.append(component);
    }
    return root;
}

}  // namespace

bool equal_without_case(std::string_view a, std::string_view b) noexcept {
    return ascii::same(a, b);
}

bool same_text(PathStyle style, std::string_view a, std::string_view b) noexcept {
    return style == PathStyle::posix ? a == b : equal_without_case(a, b);
}

std::vector<std::string_view> components(PathStyle style, std::string_view path) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = path.find(separator(style));
        out.push_back(path.substr(0, end));
        if (end == std::string_view::npos) return out;
        path.remove_prefix(end + 1);
    }
}

std::string join(PathStyle style, const std::string& directory, const std::string& name) {
    std::string out = directory;
    if (!out.empty() && out.back() != separator(style)) out.push_back(separator(style));
    return out + name;
}

std::string last_component(PathStyle style, const std::string& path) {
    const std::size_t root = root_length(style, path);
    if (path.size() <= root) return {};
    return path.substr(std::max(root, path.find_last_of(separator(style)) + 1));
}

std::string parent(PathStyle style, const std::string& path) {
    const std::size_t root = root_length(style, path);
    if (path.size() <= root) return path;
    const auto cut = path.find_last_of(separator(style));
    return path.substr(0, cut == std::string::npos ? root : std::max(root, cut));
}

bool is_absolute(PathStyle style, const std::string& path) {
    if (style == PathStyle::posix) return !path.empty() && path[0] == '/';
    return has_drive(path) || path.starts_with("\\\\") || path.starts_with("//");
}

std::string normalise(PathStyle style, std::string path) {
    if (style == PathStyle::posix) return rebuild(style, path.starts_with('/') ? "/" : "", path);
    std::replace(path.begin(), path.end(), '/', '\\');
    path = without_device_prefix(path);
    if (has_drive(path)) {
        path[0] = upper(path[0]);
        return rebuild(style, path.substr(0, 2) + "\\", std::string_view(path).substr(2));
    }
    if (path.starts_with("\\\\")) {
        // Doubled separators within "\\server\\share" would hide where the share's root ends.
        const auto both = [](char a, char b) { return a == '\\' && b == '\\'; };
        path.erase(std::unique(path.begin() + 1, path.end(), both), path.end());
    }
    const std::size_t root = root_length(style, path);
    return rebuild(style, path.substr(0, root), std::string_view(path).substr(root));
}

}  // namespace imc::scan
