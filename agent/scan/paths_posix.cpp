#include "agent/scan/listing.hpp"
#include "agent/scan/paths.hpp"

#include <climits>
#include <unistd.h>

namespace imc::scan {

PathStyle native_style() noexcept {
    return PathStyle::posix;
}

std::string join(const std::string& directory, const std::string& name) {
    return join(PathStyle::posix, directory, name);
}
std::string last_component(const std::string& path) {
    return last_component(PathStyle::posix, path);
}
std::string parent(const std::string& path) {
    return parent(PathStyle::posix, path);
}

std::string normalise(const std::string& path) {
    if (is_absolute(PathStyle::posix, path)) return normalise(PathStyle::posix, path);
    std::string here(PATH_MAX, '\0');
    // A working directory that was removed has no name; the root then stands for it.
    const std::string base = getcwd(here.data(), here.size()) != nullptr ? std::string(here.c_str()) : "/";
    return normalise(PathStyle::posix, base + "/" + path);
}

}  // namespace imc::scan
