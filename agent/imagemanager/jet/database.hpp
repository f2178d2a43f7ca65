// A database of Jet 4 (Access 2000 to 2003), read only: its tables, their columns and their rows. It trusts nothing in the
// file: every offset is checked, and a damaged or hostile file gives an error that names the page. What it is not: a
// writer, a lock, a query; it reads the bytes that the source gives and nothing else, and has no clock.
//
// Page 0, its beginning:
//
//      0          4                  20         24
//     +----------+------------------+----------+- - - -     version: 0 Jet 3, 1 Jet 4, 2 and up ACE
//     |00 01 00 00|"Standard Jet DB"| version  | masked      masked: 128 bytes, the same mask in each file; behind it, at 62,
//     +----------+------------------+----------+- - - -      the key that pages are encrypted with, or 0
//
// The catalogue is the table MSysObjects, whose definition is always page 2: of each table its name, type 1, flags (of
// system tables 0x80000000 or 2) and, in the lower 24 bits of its Id, the page of its definition.
#pragma once

#include "agent/imagemanager/jet/cursor.hpp"
#include "agent/imagemanager/jet/definition.hpp"

#include <string>
#include <vector>

namespace imc::jet {

struct CatalogueEntry {
    std::string name;
    std::uint32_t page = 0;
    bool system = false;  // Access's own
};

// The source outlives it. Const functions may be called on any thread if the source's may.
class Database {
public:
    [[nodiscard]] static Result<Database> open(const Source& source);

    // In the order of the catalogue. Linked tables, whose rows lie elsewhere, are not among them.
    [[nodiscard]] const std::vector<CatalogueEntry>& tables() const noexcept { return tables_; }
    [[nodiscard]] const CatalogueEntry* find(std::string_view name) const noexcept;  // as Table::column(); null: no such table
    [[nodiscard]] Result<Table> table(const CatalogueEntry& entry) const;
    [[nodiscard]] Result<Cursor> rows(const Table& table) const { return Cursor::open(pages_, table); }  // `table` outlives it

private:
    explicit Database(const Source& source) noexcept : pages_(source) {}
    Result<void> read_catalogue();

    Pages pages_;
    std::vector<CatalogueEntry> tables_;
};

}  // namespace imc::jet
