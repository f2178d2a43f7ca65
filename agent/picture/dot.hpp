// The restore set of a point as a graph for Graphviz: an edge for each file from its tail to its head. What it is not: the
// whole chain, which no layout engine draws well. Pure.
#pragma once

#include "agent/picture/view.hpp"

#include <string>

namespace imc::picture {

// Names are quoted as Graphviz wants it; bytes that are not UTF-8 become U+FFFD, control characters blanks. A chain whose
// point is broken gives a graph without edges.
[[nodiscard]] std::string dot_of(const View& view);

}  // namespace imc::picture
