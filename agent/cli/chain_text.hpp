// A chain for terminals and for Graphviz. What it is not: geometry (chain_geometry.hpp). Pure.
#pragma once

#include "agent/cli/chain_view.hpp"
#include "agent/cli/text.hpp"

#include <string>

namespace imc::cli {

// Lanes with bars, the line of points, and what the marks mean. ASCII; no line is wider than the style.
[[nodiscard]] std::string chain_picture(const ChainView& view, Style style);
// What can be said of the chain and of the chosen point.
[[nodiscard]] std::string chain_summary(const ChainView& view, const std::string& volume, Style style);
// The files that give the chosen point back, base first; the first `most` of them.
[[nodiscard]] std::string restore_set_part(const ChainView& view, Style style, std::size_t most);
// The restore set of the chosen point: tail to head, labelled by file. Names are quoted as Graphviz wants it.
[[nodiscard]] std::string chain_dot(const ChainView& view, const std::string& volume);

}  // namespace imc::cli
