// Databases made by the writer of jet_writer.hpp: one with everything that the format can do in little room, and one as
// large as those of a large server. What it is not: the databases of tests/golden, which another writer made.
#pragma once

#include "tools/generator/jet_writer.hpp"

namespace support {

using generator::jet_database;
using generator::JetColumn;
using generator::JetRow;
using generator::JetTable;

// Every column type, nulls, extremes, deleted and moved rows, long values in every place, later columns, a definition
// over several pages, a map by reference.
[[nodiscard]] std::vector<JetTable> every_form();

// An ImageManager database: `folders` managed folders with two sets each, and `files` files in all.
[[nodiscard]] std::vector<JetTable> large_server(std::size_t folders, std::size_t files);

}  // namespace support
