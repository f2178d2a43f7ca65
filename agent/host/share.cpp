#include "agent/host/share.hpp"

#include "spchain/ascii.hpp"

#include <algorithm>

namespace imc::host {
namespace {

namespace ascii = spchain::ascii;

constexpr std::string_view separators = "\\/";

bool is_separator(char c) noexcept {
    return separators.find(c) != std::string_view::npos;
}

}  // namespace

std::string share_of(std::string_view path) {
    constexpr std::string_view longer = "\\\\?\\UNC\\";
    if (path.size() > longer.size() && ascii::same(path.substr(0, longer.size()), longer)) {
        path.remove_prefix(longer.size());
    } else if (path.size() > 2 && is_separator(path[0]) && is_separator(path[1]) && path[2] != '?' && path[2] != '.') {
        path.remove_prefix(2);
    } else {
        return {};
    }
    const auto server_end = path.find_first_of(separators);
    if (server_end == 0 || server_end == std::string_view::npos) return {};
    const std::string_view rest = path.substr(server_end + 1);
    const std::string_view share = rest.substr(0, rest.find_first_of(separators));
    if (share.empty()) return {};
    return "\\\\" + std::string(path.substr(0, server_end)) + "\\" + std::string(share);
}

bool same_share(std::string_view a, std::string_view b) noexcept {
    return ascii::same(a, b);
}

}  // namespace imc::host
