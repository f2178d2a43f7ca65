// The few values that an installer sets in a configuration for an administrator. Everything else in the file stays as it
// is, letter by letter, comments included. What it is not: an editor for all keys, and it writes no file.
#pragma once

#include "agent/config/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imc::config {

struct Wishes {
    std::optional<std::uint16_t> port;         // of every address in api.listen
    std::vector<std::string> folders;          // those that are not there yet become [[folder]] tables; none is taken away
    std::vector<std::string> discovery_roots;  // become discovery.roots; empty: those stay
    [[nodiscard]] bool any() const { return port || !folders.empty() || !discovery_roots.empty(); }
};

struct Edited {
    std::string text;
    std::vector<std::string> problems;  // of each wish that could not be met, in words; the text is then without it
};

// `text` must be well (config::parse); so is the result, and it says what was wished and nothing else that is new.
[[nodiscard]] Edited edited(const std::string& text, const Wishes& wishes);

}  // namespace imc::config
