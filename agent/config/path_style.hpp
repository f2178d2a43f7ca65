// What an absolute path looks like, by platform, without touching a disk. What it is not: a normaliser of what
// exists; links and mount points are none of its business.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace imc::config {

enum class PathStyle : std::uint8_t {
    posix,    // "/x"
    windows,  // "C:\x", "C:/x", "\\server\share\x"
};

[[nodiscard]] PathStyle native_path_style() noexcept;  // path_style_posix.cpp, path_style_win32.cpp

[[nodiscard]] bool is_absolute(std::string_view path, PathStyle style) noexcept;
// Equal for two spellings of one path: doubled and trailing separators, and on Windows case and slashes, are evened out.
[[nodiscard]] std::string comparable(std::string_view path, PathStyle style);

}  // namespace imc::config
