#include "agent/host/os_release.hpp"

namespace imc::host {
namespace {

std::string unquoted(std::string_view value) {
    const char quote = !value.empty() && (value.front() == '"' || value.front() == '\'') ? value.front() : '\0';
    if (quote != '\0') value.remove_prefix(1);
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (quote != '\0' && value[i] == quote) break;
        if (quote != '\'' && value[i] == '\\' && i + 1 < value.size()) ++i;
        if (static_cast<unsigned char>(value[i]) >= 0x20 && value[i] != 0x7f) out.push_back(value[i]);
    }
    return out;
}

}  // namespace

std::string pretty_name(std::string_view os_release) {
    constexpr std::string_view key = "PRETTY_NAME=";
    std::string name;
    while (!os_release.empty()) {
        const auto end = os_release.find('\n');
        const auto line = os_release.substr(0, end);
        if (line.substr(0, key.size()) == key) name = unquoted(line.substr(key.size()));
        os_release.remove_prefix(end == std::string_view::npos ? os_release.size() : end + 1);
    }
    return name;
}

}  // namespace imc::host
