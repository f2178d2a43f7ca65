// A chain for terminals: the same bars as in every other picture of it. What it is not: geometry (agent/picture). Pure.
#pragma once

#include "agent/cli/chain_view.hpp"
#include "agent/cli/text.hpp"

#include <string>

namespace imc::cli {

struct TextPicture {
    picture::Axis axis = picture::Axis::sequence;
    bool blast = false;  // also a line of how many points hang on the files above
};

// Lanes with bars, the line of points, and what the marks mean. ASCII unless the style says Unicode; no line is wider
// than the style.
[[nodiscard]] std::string chain_picture(const ChainView& view, Style style, TextPicture options = {});
// What can be said of the chain and of the chosen point.
[[nodiscard]] std::string chain_summary(const ChainView& view, Style style);
// The files that give the chosen point back, base first; the first `most` of them.
[[nodiscard]] std::string restore_set_part(const ChainView& view, Style style, std::size_t most);

}  // namespace imc::cli
