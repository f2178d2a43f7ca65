// What a table looks like: its columns and where its rows lie. What it is not: indexes, which a reader of whole tables
// does not need, and rules for values, which Access keeps elsewhere.
//
// A definition is one page, or several that each name the next one; the parts after the first 8 bytes of each follow
// one another:
//
//      0  1    4       8        16     40   41     43     45     47       51        55         59
//     +--+----+-------+- - - - +------+----+------+------+------+--------+---------+----------+-------
//     |02|01..| next  | ...    | rows |type| max. | var. |columns| indexes| real    | used     | free
//     +--+----+-------+- - - - +------+----+------+------+------+--------+---------+----------+-------
//              page or 0        n                                           i        pages: pointers to usage maps
//
//     63: i times 12 bytes of the indexes, then 25 bytes for each column, then for each column the length of its name in
//     bytes (2) and the name (UTF-16):
//
//      0    1   5      7      9    11    12    13   15     16   17  21      23
//     +----+---+------+------+----+-----+-----+----+------+----+---+-------+--------+
//     |type|   |number| var. |    |prec.|scale|    |flags |    |   | fixed | length |
//     +----+---+------+------+----+-----+-----+----+------+----+---+-------+--------+
//                      index of variable            01: fixed        offset of fixed ones
//                      ones in the row
#pragma once

#include "agent/imagemanager/jet/pages.hpp"

#include <span>
#include <string>
#include <vector>

namespace imc::jet {

enum class ColumnType : std::uint8_t {
    unknown = 0,  // none of these: values are raw bytes
    yes_no = 1,
    byte = 2,      // without sign
    integer = 3,   // 16 bits
    long_int = 4,  // 32 bits
    currency = 5,
    single = 6,
    double_float = 7,
    date_time = 8,
    binary = 9,  // up to 510 bytes
    text = 10,   // up to 255 characters
    ole = 11,    // bytes of any length
    memo = 12,   // text of any length
    guid = 15,
    numeric = 16,
};
[[nodiscard]] std::string_view to_string(ColumnType type) noexcept;  // "yes/no", "long" ...

struct Column {
    std::string name;  // UTF-8
    ColumnType type = ColumnType::unknown;
    std::uint8_t raw_type = 0;   // as in the file
    std::uint16_t length = 0;    // in bytes; 0 of memo and OLE
    std::uint8_t precision = 0;  // of numeric
    std::uint8_t scale = 0;      // of numeric; at most 28

    // Where a row keeps it.
    std::uint16_t number = 0;  // its bit in the null mask; never given anew, so there may be gaps
    bool fixed = false;
    std::uint16_t fixed_at = 0;        // after the row's first two bytes
    std::uint16_t variable_index = 0;  // of those that are not fixed
};

struct Table {
    std::string name;
    std::uint32_t page = 0;           // of its definition
    std::uint32_t declared_rows = 0;  // as Access counts; wrong after a crash
    std::vector<Column> columns;      // in the order of their numbers, as Access first shows them
    Pointer used_map;

    // Case does not matter, as in Access (here: of ASCII letters). -1: no such column.
    [[nodiscard]] int column(std::string_view column_name) const noexcept;
    // Leaves the others out, so that their values are neither read nor able to fail.
    void keep_only(std::span<const std::string_view> names);
};

[[nodiscard]] bool same_name(std::string_view a, std::string_view b) noexcept;  // but for case of ASCII letters

// Table::name stays empty; the catalogue knows it.
[[nodiscard]] Result<Table> read_definition(const Pages& pages, std::uint32_t page);

}  // namespace imc::jet
