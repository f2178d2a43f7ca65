// Rows in columns that fit a width: columns that matter less are left out first, then those that may shrink are cut.
// What it is not: for escape codes in cells; a cell names its tone instead. Pure.
#pragma once

#include "agent/cli/text.hpp"

#include <string>
#include <vector>

namespace imc::cli {

struct Column {
    std::string title;
    bool right = false;     // numbers
    std::size_t least = 0;  // may be cut down to so many columns; 0: never cut
    int drop = 0;           // left out where there is no room, the highest first; from 4 on before anything is cut; 0: never
    Cut cut = Cut::end;
};

struct Cell {
    std::string text;  // made harmless by visible() where it came from outside
    Tone tone = Tone::plain;
};

using Row = std::vector<Cell>;  // as many cells as there are columns; missing ones are empty

// No line is wider than the style; each ends with '\n' and never with a blank. Columns without any text take no room.
[[nodiscard]] std::string table(const std::vector<Column>& columns, const std::vector<Row>& rows, Style style, std::size_t indent);

}  // namespace imc::cli
