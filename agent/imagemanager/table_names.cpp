#include "agent/imagemanager/table_names.hpp"

#include "agent/imagemanager/jet/definition.hpp"

#include <algorithm>
#include <charconv>

namespace imc::imagemanager {
namespace {

using Kind = TableName::Kind;

struct Prefix {
    std::string_view text;
    TargetType type;
};

constexpr Prefix prefixes[] = {
    {"loc", TargetType::local},        {"lan", TargetType::network},   {"ftp", TargetType::ftp},
    {"sst", TargetType::shadowstream}, {"hsr", TargetType::headstart}, {"cloud", TargetType::cloud},
};

TargetType target_type(std::string_view prefix) noexcept {
    for (const auto& known : prefixes) {
        if (jet::same_name(known.text, prefix)) return known.type;
    }
    return TargetType::unknown;
}

Kind kind_of(std::string_view prefix, std::string_view suffix) noexcept {
    if (jet::same_name(prefix, "w")) {
        if (jet::same_name(suffix, "Sets")) return Kind::sets;
        return jet::same_name(suffix, "Files") ? Kind::files : Kind::unknown;
    }
    if (jet::same_name(suffix, "Queue")) return Kind::queue;
    if (jet::same_name(suffix, "Sent")) return Kind::sent;
    if (jet::same_name(suffix, "Remote")) return Kind::opaque;
    return jet::same_name(prefix, "adv") && jet::same_name(suffix, "Verify") ? Kind::opaque : Kind::unknown;
}

}  // namespace

std::string_view to_string(TargetType type) noexcept {
    static constexpr std::string_view names[] = {"local", "network", "ftp", "shadowstream", "headstart", "cloud", "unknown"};
    return names[static_cast<std::size_t>(type)];
}

TableName parse_table_name(std::string_view name) noexcept {
    if (jet::same_name(name, "WatchPaths")) return {Kind::watch_paths, 0, TargetType::unknown, {}};
    if (jet::same_name(name, "TargetPaths")) return {Kind::target_paths, 0, TargetType::unknown, {}};
    static constexpr std::string_view digits = "0123456789";
    const auto begin = name.find_first_of(digits);
    if (begin == std::string_view::npos || begin == 0) return {};
    const auto end = std::min(name.find_first_not_of(digits, begin), name.size());
    TableName parsed;
    const auto [rest, error] = std::from_chars(name.data() + begin, name.data() + end, parsed.index);
    if (error != std::errc()) return {};
    parsed.prefix = name.substr(0, begin);
    parsed.kind = kind_of(parsed.prefix, name.substr(end));
    if (parsed.kind == Kind::unknown) return {};
    parsed.type = target_type(parsed.prefix);
    return parsed;
}

}  // namespace imc::imagemanager
