// The rows of a table, one after the other, in the order of its pages. What it is not: sorted, filtered or by index.
//
// A row, of `n` columns ever (those that were added later are null in it):
//
//      0      2               ...              end-m-4-2v    ...        end-m-2     end-m
//     +------+---------------+----------------+-------------+----------+-----------+-------------+
//     |  n   | fixed columns | variable ones  | end of them | offsets  | v: number | null mask   |
//     +------+---------------+----------------+-------------+----------+-----------+-------------+
//                                              each 2 bytes, the last one first      m = (n+7)/8; bit set: not null
//
// The bit of a yes/no column is its value. A table without variable columns has rows without the three parts before
// the null mask. Long values (memo, OLE) are a variable column of 12 bytes or more:
//
//      0         3    4            8       12
//     +---------+----+------------+-------+- - - -      length: the lower 30 bits of the first four bytes
//     | length  |kind| pointer    | ...   | bytes       kind 80: the bytes follow
//     +---------+----+------------+-------+- - - -           40: they are the row that the pointer names
//                                                            00: rows that each begin with a pointer to the next one
#pragma once

#include "agent/imagemanager/jet/definition.hpp"
#include "agent/imagemanager/jet/value.hpp"

#include <span>
#include <vector>

namespace imc::jet {

// The source and the table outlive it. All rows together give no more than a small multiple of the file's bytes: one that
// claims more, as only a damaged or hostile file does, is an error.
class Cursor {
public:
    [[nodiscard]] static Result<Cursor> open(const Pages& pages, const Table& table);

    // True: row() is the next row. False: there are no more. After an error there is no going on.
    [[nodiscard]] Result<bool> next();
    // As many values as the table has columns; valid until next().
    [[nodiscard]] std::span<const Value> row() const noexcept { return values_; }

private:
    Cursor(const Pages& pages, const Table& table) : pages_(pages), table_(&table), budget_(2 * pages.file_size()) {}

    Result<bool> next_page();
    Result<View> follow(View pointer);
    Result<void> decode(View row);
    Result<Value> field(View& row, const Column& column, std::size_t& left);
    Result<Value> long_value(View field, const Column& column);
    Result<void> spend(std::uint64_t bytes, const Error& otherwise);

    Pages pages_;
    const Table* table_;
    std::vector<std::uint32_t> used_;
    std::size_t next_used_ = 0;
    DataPage page_, elsewhere_;
    std::uint32_t next_row_ = 0;
    std::uint64_t budget_;  // bytes that rows and long values on other pages may still have
    std::vector<Value> values_;
};

}  // namespace imc::jet
