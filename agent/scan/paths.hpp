// The arithmetic of paths for both families of platforms, so that both are tested on each. Internal to agent/scan;
// paths_posix.cpp and paths_win32.cpp choose. What it is not: a reader of the disk; links are not looked at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imc::scan {

enum class PathStyle {
    posix,    // '/', case counts
    windows,  // '\' (and '/' on input), drives, shares, case of ASCII letters does not count
};
[[nodiscard]] PathStyle native_style() noexcept;

[[nodiscard]] std::string join(PathStyle style, const std::string& directory, const std::string& name);
[[nodiscard]] std::string last_component(PathStyle style, const std::string& path);
[[nodiscard]] std::string parent(PathStyle style, const std::string& path);
// `path` is absolute in its style.
[[nodiscard]] std::string normalise(PathStyle style, std::string path);
[[nodiscard]] bool is_absolute(PathStyle style, const std::string& path);

[[nodiscard]] bool same_text(PathStyle style, std::string_view a, std::string_view b) noexcept;
// At '\' or '/' by style; "/srv/x" gives "", "srv", "x".
[[nodiscard]] std::vector<std::string_view> components(PathStyle style, std::string_view path);
// ASCII letters only.
[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b) noexcept;

}  // namespace imc::scan
