// The target of a request, taken apart: path segments and query parameters, percent-decoded and checked. What it is
// not: routing. Pure; bounded by target_limit, 64 segments and 64 parameters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imc::api {

inline constexpr std::size_t target_limit = 8'192;

struct Target {
    std::vector<std::string> path;
    std::multimap<std::string, std::string> query;
};

// Nothing for malformed targets: bad or overlong escapes, NUL, control characters, invalid UTF-8, too many parts.
// Origin form ("/v1/x?y=z") and absolute form ("https://host/v1/x") are both understood.
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace imc::api
