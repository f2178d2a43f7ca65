#include "agent/scan/listing.hpp"
#include "agent/scan/paths.hpp"
#include "agent/scan/utf8.hpp"
#include "agent/scan/wide_win32.hpp"

namespace imc::scan {

PathStyle native_style() noexcept {
    return PathStyle::windows;
}

std::string join(const std::string& directory, const std::string& name) {
    return join(PathStyle::windows, directory, name);
}
std::string last_component(const std::string& path) {
    return last_component(PathStyle::windows, path);
}
std::string parent(const std::string& path) {
    return parent(PathStyle::windows, path);
}

std::string normalise(const std::string& path) {
    if (is_absolute(PathStyle::windows, path)) return normalise(PathStyle::windows, path);
    const std::wstring relative = wide(path);
    const DWORD size = GetFullPathNameW(relative.c_str(), 0, nullptr, nullptr);
    std::wstring full(size, L'\0');
    const DWORD length = GetFullPathNameW(relative.c_str(), size, full.data(), nullptr);
    if (length == 0 || length >= size) return normalise(PathStyle::windows, path);
    full.resize(length);
    return normalise(PathStyle::windows, narrow(full));
}

}  // namespace imc::scan
