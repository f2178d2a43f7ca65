// Writes databases of Jet 4 into memory, as far as the demo and tests need: tables with rows of every type, deleted and moved rows, long
// values in every place, usage maps and definitions of every form. What it is not: complete; there are no indexes, and
// Access itself has never seen the result. mdb-export reads it, which the tests check.
#pragma once

#include "agent/imagemanager/jet/definition.hpp"
#include "agent/imagemanager/jet/value.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace generator {

struct JetColumn {
    std::string name;
    imc::jet::ColumnType type = imc::jet::ColumnType::text;
    bool compressed = true;  // text and memo: stored compressed where that is possible
    std::uint8_t scale = 0;
};

struct JetRow {
    enum class Kind { plain, deleted, moved };
    enum class Place { here, row, rows };  // of long values
    std::vector<imc::jet::Value> values;   // fewer than there are columns: written before those were added
    Kind kind = Kind::plain;
    Place place = Place::here;
};

struct JetTable {
    std::string name;
    std::vector<JetColumn> columns;
    std::vector<JetRow> rows;
    bool map_by_reference = false;  // else as the number of pages wants it
};

[[nodiscard]] std::vector<std::uint8_t> jet_database(const std::vector<JetTable>& tables);

}  // namespace generator
