#include "agent/host/files.hpp"
#include "agent/host/os_release.hpp"

#include <array>
#include <sys/utsname.h>
#include <unistd.h>

namespace imc::host {

std::string default_data_directory() {
    return "/var/lib/imconnector";
}
std::string default_config_file() {
    return "/etc/imconnector/imconnector.toml";
}

std::string host_name() {
    std::array<char, 256> name{};
    // The last byte stays NUL: a cut name has no end of its own.
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
}

std::string os_name() {
    constexpr std::size_t limit = 65'536;
    for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
        const auto content = read_file(path, limit);
        if (!content) continue;
        if (auto name = pretty_name(*content); !name.empty()) return name;
    }
    utsname system{};
    if (::uname(&system) != 0) return "unknown";
    return std::string(system.sysname) + " " + system.release;
}

}  // namespace imc::host
