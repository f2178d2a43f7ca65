// Which pages belong to a table. What it is not: the map of free space, which only writers need.
//
// A usage map is a row of a data page, in one of two forms:
//
//      0    1              5                                    0    1            5
//     +----+--------------+- - - - - - - -+                    +----+------------+------------+- - -
//     | 00 | first page   | bits          |                    | 01 | map page 0 | map page 1 |
//     +----+--------------+- - - - - - - -+                    +----+------------+------------+- - -
//
// Inline, bit i (the lowest of each byte first) stands for page first + i. By reference, each map page (0: none) begins
// with the bytes 05 01 00 00 and holds 32,736 bits, those of map page k for the pages from k * 32,736 on.
#pragma once

#include "agent/imagemanager/jet/pages.hpp"

#include <vector>

namespace imc::jet {

// Ascending, each once. A page beyond the end of the file is an error: rows would be missing.
[[nodiscard]] Result<std::vector<std::uint32_t>> used_pages(const Pages& pages, Pointer map);

}  // namespace imc::jet
