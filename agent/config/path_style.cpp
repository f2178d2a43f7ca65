#include "agent/config/path_style.hpp"

namespace imc::config {
namespace {

bool letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool slash(char c) noexcept {
    return c == '/' || c == '\\';
}

bool drive_path(std::string_view path) noexcept {
    return path.size() >= 3 && letter(path[0]) && path[1] == ':' && slash(path[2]);
}

// "\\server\share" at least, and not the "\\?\" that is for the program's own use.
bool unc_path(std::string_view path) noexcept {
    if (path.size() < 5 || !slash(path[0]) || !slash(path[1])) return false;
    const std::size_t end = path.find_first_of("/\\", 2);
    if (end == std::string_view::npos || end == 2 || path.substr(2, end - 2) == "?" || path.substr(2, end - 2) == ".") return false;
    return end + 1 < path.size() && !slash(path[end + 1]);
}

}  // namespace

bool is_absolute(std::string_view path, PathStyle style) noexcept {
    if (style == PathStyle::posix) return !path.empty() && path[0] == '/';
    return drive_path(path) || unc_path(path);
}

std::string comparable(std::string_view path, PathStyle style) {
    const bool windows = style == PathStyle::windows;
    const auto separator = [windows](char c) { return c == '/' || (windows && c == '\\'); };
    const char written = windows ? '\\' : '/';
    std::string out;
    out.reserve(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
        char c = path[i];
        if (separator(c)) {
            const bool unc = windows && i == 1;
            if (!out.empty() && out.back() == written && !unc) continue;
            c = written;
        } else if (windows && c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
        out.push_back(c);
    }
    const std::size_t root = windows ? 3 : 1;
    while (out.size() > root && out.back() == written) out.pop_back();
    return out;
}

}  // namespace imc::config
