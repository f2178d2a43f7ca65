// Paths of ImageManager's computer as this computer knows them. What it is not: a look at the disk; whether anything is there
// is for those who go there. Pure.
#pragma once

#include "agent/config/config.hpp"
#include "agent/config/path_style.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace imc::imagemanager {

// The longest `from` that the path begins with, in whole components and without regard to case, is replaced by its `to`; what
// follows is taken over with the separators of `style`. Without such a rule a path that is absolute in `style` stays as it is.
// Nothing where neither holds, and for a path with ".." or one that is no path of Windows' and not absolute in `style`.
[[nodiscard]] std::optional<std::string> local_path(std::string_view path, std::span<const config::PathRule> rules,
                                                    config::PathStyle style);

}  // namespace imc::imagemanager
