// The pages of a database file, and rows by their place in data pages. Layouts are those of the document HACKING.md of
// mdbtools (https://github.com/mdbtools/mdbtools), checked against Jackcess (https://github.com/jahlborn/jackcess),
// which agree but for the flags of rows; there Jackcess is right, see below. What it is not: columns and values.
//
// A data page (Jet 4, 4096 bytes, all numbers little-endian):
//
//      0  1    4         8        12    14
//     +--+----+---------+--------+-----+-----+-----+- - - - - -+-------+-------+-------+
//     |01|01..| owner   | ...    | n   | o 0 | o 1 |  free     | row 2 | row 1 | row 0 |
//     +--+----+---------+--------+-----+-----+-----+- - - - - -+-------+-------+-------+
//             the table's        rows  where each row begins   o 2     o 1     o 0     4096
//             definition page, or "LVAL"
//
// The first row ends with the page, each other one where its predecessor begins. Of an offset's 16 bits the lower 13 are
// the offset; 0x8000 marks a row that a scan skips (deleted, or the target of a pointer), 0x4000 a row that has moved:
// its first 4 bytes point to it (row number in the lowest byte, page in the other three). Both set: deleted.
#pragma once

#include "agent/imagemanager/jet/source.hpp"
#include "agent/imagemanager/jet/view.hpp"

#include <array>

namespace imc::jet {

inline constexpr std::uint32_t page_size = 4096;

enum class PageKind : std::uint8_t { header = 0, data = 1, definition = 2, index = 3, index_leaf = 4, usage = 5 };

// Where a row lies, as four bytes of the file say it.
struct Pointer {
    std::uint32_t page = 0;
    std::uint8_t row = 0;
    [[nodiscard]] static Pointer of(std::uint32_t packed) noexcept { return {packed >> 8, static_cast<std::uint8_t>(packed)}; }
};

using Page = std::array<std::uint8_t, page_size>;

// The source outlives it.
class Pages {
public:
    explicit Pages(const Source& source) noexcept : source_(&source) {}
    [[nodiscard]] std::uint64_t file_size() const noexcept { return source_->size(); }
    [[nodiscard]] std::uint64_t count() const noexcept { return source_->size() / page_size; }  // whole ones
    [[nodiscard]] Result<void> read(std::uint32_t number, Page& into) const;

private:
    const Source* source_;
};

struct Slot {
    std::uint16_t begin = 0, end = 0;  // in the page
    bool skipped = false;              // 0x8000
    bool moved = false;                // 0x4000
};

// One data page in memory. Reading another one into it makes earlier views of its rows point to the new bytes.
class DataPage {
public:
    static constexpr std::uint32_t long_values = 0x4C41564C;  // owner() of pages that hold long values: "LVAL"

    [[nodiscard]] Result<void> read(const Pages& pages, std::uint32_t number);  // errc::wrong_page where it is no data page
    // Of a page that was read already into bytes().
    [[nodiscard]] Result<void> accept(std::uint32_t number);
    [[nodiscard]] Page& bytes() noexcept { return bytes_; }

    [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
    [[nodiscard]] std::uint32_t owner() const noexcept { return u32(bytes_, 4); }
    [[nodiscard]] std::uint32_t rows() const noexcept { return rows_; }
    [[nodiscard]] Result<Slot> slot(std::uint32_t row) const;
    [[nodiscard]] View view(const Slot& slot) const noexcept;

private:
    Page bytes_{};
    std::uint32_t number_ = 0;
    std::uint32_t rows_ = 0;
};

}  // namespace imc::jet
