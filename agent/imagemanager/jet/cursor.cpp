#include "agent/imagemanager/jet/cursor.hpp"

#include "agent/imagemanager/jet/fields.hpp"
#include "agent/imagemanager/jet/text.hpp"
#include "agent/imagemanager/jet/usage_map.hpp"

#include <algorithm>

namespace imc::jet {
namespace {

constexpr std::size_t first_fixed = 2;
constexpr int most_moves = 8;  // of one row; Access moves a row once and lets the first pointer follow
constexpr std::size_t pointer_bytes = 4, long_head = 12;
// What a row on another page costs at least, so that a file cannot have one page read over and over for nothing. The
// smallest real ones take about as much, with their pointers.
constexpr std::uint64_t least_moved = 32, least_part = 64;
constexpr std::uint32_t long_length = 0x3FFFFFFF, long_kind = 0xC0000000, long_here = 0x80000000, long_row = 0x40000000, long_rows = 0;

bool is_long(ColumnType type) noexcept {
    return type == ColumnType::memo || type == ColumnType::ole;
}

// Index and leaf pages and pages of long values may stand in a table's map; they hold no rows of it.
bool without_rows(const Page& page) noexcept {
    const auto kind = static_cast<PageKind>(page[0]);
    if (kind == PageKind::data) return u32(page, 4) == DataPage::long_values;
    return kind == PageKind::index || kind == PageKind::index_leaf || kind == PageKind::usage || kind == PageKind::definition;
}

// The bytes of a variable column; nothing where the row was written before the column was added.
Result<std::optional<std::pair<std::size_t, std::size_t>>> variable_range(View& row, std::size_t mask, std::uint16_t index) {
    const std::size_t tail = row.size() - mask;  // the caller checked that the mask fits
    if (tail < first_fixed + 2) return row.at(errc::bad_offset, 0);
    const std::size_t count = row.u16(tail - 2);
    if (index >= count) return std::optional<std::pair<std::size_t, std::size_t>>();
    if (tail < first_fixed + 2 + 2 * (count + 1)) return row.at(errc::bad_offset, tail - 2);
    const std::size_t at = tail - 4 - 2 * std::size_t{index};
    const std::size_t begin = row.u16(at), end = row.u16(at - 2);
    if (begin < first_fixed || begin > end || end > tail - 2 - 2 * (count + 1)) return row.at(errc::bad_offset, at);
    return std::optional(std::pair(begin, end - begin));
}

}  // namespace

Result<Cursor> Cursor::open(const Pages& pages, const Table& table) {
    auto used = used_pages(pages, table.used_map);
    if (!used) return used.error();
    Cursor cursor(pages, table);
    cursor.used_ = std::move(*used);
    cursor.values_.resize(table.columns.size());
    return cursor;
}

Result<bool> Cursor::next_page() {
    while (next_used_ < used_.size()) {
        const std::uint32_t number = used_[next_used_++];
        if (const auto got = pages_.read(number, page_.bytes()); !got) return got.error();
        if (without_rows(page_.bytes())) continue;
        if (const auto accepted = page_.accept(number); !accepted) return accepted.error();
        if (page_.owner() != table_->page) return Error{errc::wrong_page, number, 4};
        next_row_ = 0;
        return true;
    }
    return false;
}

Result<bool> Cursor::next() {
    for (;;) {
        if (next_row_ >= page_.rows()) {
            const auto more = next_page();
            if (!more || !*more) return more;
            continue;
        }
        const auto slot = page_.slot(next_row_++);
        if (!slot) return slot.error();
        if (slot->skipped) continue;
        View row = page_.view(*slot);
        if (slot->moved) {
            const auto moved = follow(row);
            if (!moved) return moved.error();
            row = *moved;
        }
        if (const auto decoded = decode(row); !decoded) return decoded.error();
        return true;
    }
}

Result<View> Cursor::follow(View pointer) {
    for (int moves = 0; moves < most_moves; ++moves) {
        const Pointer at = Pointer::of(pointer.u32(0));
        if (!pointer.ok()) return pointer.error();
        if (const auto got = elsewhere_.read(pages_, at.page); !got) return got.error();
        if (elsewhere_.owner() != table_->page) return Error{errc::wrong_page, at.page, 4};
        const auto slot = elsewhere_.slot(at.row);
        if (!slot) return slot.error();
        const View row = elsewhere_.view(*slot);
        if (const auto paid = spend(std::max<std::uint64_t>(row.size(), least_moved), row.at(errc::endless, 0)); !paid) return paid.error();
        if (!slot->moved) return row;
        pointer = row;
    }
    return pointer.at(errc::endless, 0);
}

Result<void> Cursor::spend(std::uint64_t bytes, const Error& otherwise) {
    if (bytes > budget_) return otherwise;
    budget_ -= bytes;
    return {};
}

Result<void> Cursor::decode(View row) {
    const std::size_t columns = row.u16(0);
    const std::size_t mask_bytes = (columns + 7) / 8;
    if (!row.ok() || row.size() < first_fixed + mask_bytes) return row.at(errc::bad_offset, 0);
    const Bytes mask = row.bytes(row.size() - mask_bytes, mask_bytes);
    std::size_t left = row.size();  // what fields may still take, so that they cannot share bytes over and over
    for (std::size_t i = 0; i < values_.size(); ++i) {
        const Column& column = table_->columns[i];
        const bool set = column.number < columns && (mask[column.number / 8] >> (column.number % 8) & 1) != 0;
        if (column.type == ColumnType::yes_no) {
            values_[i] = set;
        } else if (!set) {
            values_[i] = std::monostate();
        } else {
            auto value = field(row, column, left);
            if (!value) return value.error();
            values_[i] = std::move(*value);
        }
    }
    return {};
}

Result<Value> Cursor::field(View& row, const Column& column, std::size_t& left) {
    const std::size_t wanted = bytes_of(column.type);
    const std::size_t mask = (std::size_t{row.u16(0)} + 7) / 8;
    std::size_t at = first_fixed + column.fixed_at, size = wanted != 0 ? wanted : column.length;
    if (!column.fixed) {
        const auto range = variable_range(row, mask, column.variable_index);
        if (!range) return range.error();
        if (!*range) return Value();
        at = (*range)->first;
        size = (*range)->second;
    } else if (at > row.size() - mask) {
        return row.at(errc::bad_offset, 0);
    }
    if (wanted != 0 && size != wanted) return row.at(errc::bad_value, at);
    if (size > left) return row.at(errc::bad_offset, at);
    left -= size;
    View bytes(row.bytes(at, size), row.page(), row.at(errc::bad_offset, at).offset);
    if (!row.ok()) return row.error();
    if (is_long(column.type)) return long_value(bytes, column);
    return value_of(column, bytes.bytes(0, size));
}

Result<Value> Cursor::long_value(View field, const Column& column) {
    const std::uint32_t head = field.u32(0);
    const Pointer first = Pointer::of(field.u32(4));
    if (!field.ok() || field.size() < long_head) return field.at(errc::bad_value, 0);
    const std::size_t length = head & long_length;
    const auto made = [&column](Bytes bytes) {
        return column.type == ColumnType::memo ? Value(utf8_of(bytes)) : Value(Binary(bytes.begin(), bytes.end()));
    };
    if ((head & long_kind) == long_here) {
        const Bytes bytes = field.bytes(long_head, length);
        if (!field.ok()) return field.at(errc::bad_value, 0);
        return made(bytes);
    }
    if ((head & long_kind) != long_row && (head & long_kind) != long_rows) return field.at(errc::bad_value, 0);
    const bool chained = (head & long_kind) == long_rows;
    if (length > std::min(budget_, pages_.file_size())) return field.at(errc::endless, 0);
    Binary whole;
    DataPage page;
    for (Pointer at = first; whole.size() < length;) {
        if (const auto got = page.read(pages_, at.page); !got) return got.error();
        if (page.owner() != DataPage::long_values) return Error{errc::wrong_page, at.page, 4};
        const auto slot = page.slot(at.row);
        if (!slot) return slot.error();
        View row = page.view(*slot);
        const std::size_t skip = chained ? pointer_bytes : 0;
        if (row.size() <= skip) return row.at(errc::bad_value, 0);
        if (chained) at = Pointer::of(row.u32(0));
        const Bytes part = row.bytes(skip, std::min(row.size() - skip, length - whole.size()));
        if (!chained && part.size() < length) return row.at(errc::bad_value, 0);
        if (const auto paid = spend(std::max<std::uint64_t>(part.size(), least_part), row.at(errc::endless, 0)); !paid) return paid.error();
        whole.insert(whole.end(), part.begin(), part.end());
    }
    return made(whole);
}

}  // namespace imc::jet
