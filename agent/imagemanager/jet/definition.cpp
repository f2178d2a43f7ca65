#include "agent/imagemanager/jet/definition.hpp"

#include "agent/imagemanager/jet/text.hpp"
#include "spchain/ascii.hpp"

#include <algorithm>

namespace imc::jet {
namespace {

namespace ascii = spchain::ascii;

constexpr std::size_t next_at = 4, part_at = 8, rows_at = 16, columns_at = 45, indexes_at = 51, used_at = 55, blocks_at = 63;
constexpr std::size_t index_bytes = 12, column_bytes = 25;
constexpr std::size_t most_pages = 64;       // 255 columns and 32 indexes with the longest names take 20
constexpr std::uint16_t most_columns = 255;  // of Access
constexpr std::uint32_t most_indexes = 1000;
constexpr std::uint8_t most_digits = 28;  // of a numeric column

ColumnType type_of(std::uint8_t raw) noexcept {
    if (raw >= 1 && raw <= 12) return static_cast<ColumnType>(raw);
    return raw == 15 || raw == 16 ? static_cast<ColumnType>(raw) : ColumnType::unknown;
}

Result<std::vector<std::uint8_t>> whole_definition(const Pages& pages, std::uint32_t first) {
    std::vector<std::uint8_t> whole;
    Page page;
    std::uint32_t number = first;
    for (std::size_t count = 0; count == 0 || number != 0; ++count) {
        if (count == most_pages) return Error{errc::endless, number, next_at};
        if (const auto got = pages.read(number, page); !got) return got.error();
        if (page[0] != static_cast<std::uint8_t>(PageKind::definition)) return Error{errc::wrong_page, number, 0};
        whole.insert(whole.end(), page.begin() + (count == 0 ? 0 : part_at), page.end());
        number = u32(page, next_at);
    }
    return whole;
}

Column read_column(View& view, std::size_t at) {
    Column column;
    column.raw_type = view.u8(at);
    column.type = type_of(column.raw_type);
    column.number = view.u16(at + 5);
    column.variable_index = view.u16(at + 7);
    column.precision = view.u8(at + 11);
    column.scale = std::min(view.u8(at + 12), most_digits);
    column.fixed = (view.u8(at + 15) & 1) != 0;
    column.fixed_at = view.u16(at + 21);
    column.length = view.u16(at + 23);
    return column;
}

}  // namespace

std::string_view to_string(ColumnType type) noexcept {
    static constexpr std::string_view names[] = {"unknown", "yes/no",  "byte",      "integer", "long",   "currency",
                                                 "single",  "double",  "date/time", "binary",  "text",   "OLE",
                                                 "memo",    "unknown", "unknown",   "GUID",    "numeric"};
    const auto index = static_cast<std::size_t>(type);
    return index < std::size(names) ? names[index] : names[0];
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return ascii::same(a, b);
}

int Table::column(std::string_view column_name) const noexcept {
    const auto found =
        std::find_if(columns.begin(), columns.end(), [column_name](const Column& c) { return same_name(c.name, column_name); });
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

void Table::keep_only(std::span<const std::string_view> names) {
    std::erase_if(columns, [names](const Column& column) {
        return std::none_of(names.begin(), names.end(), [&column](std::string_view kept) { return same_name(column.name, kept); });
    });
}

Result<Table> read_definition(const Pages& pages, std::uint32_t page) {
    const auto whole = whole_definition(pages, page);
    if (!whole) return whole.error();
    View view(*whole, page);
    Table table;
    table.page = page;
    table.declared_rows = view.u32(rows_at);
    table.used_map = Pointer::of(view.u32(used_at));
    const std::uint16_t count = view.u16(columns_at);
    const std::uint32_t indexes = view.u32(indexes_at);
    if (count > most_columns) return view.at(errc::bad_definition, columns_at);
    if (indexes > most_indexes) return view.at(errc::bad_definition, indexes_at);
    std::size_t at = blocks_at + indexes * index_bytes;
    for (std::uint16_t i = 0; i < count; ++i, at += column_bytes) table.columns.push_back(read_column(view, at));
    for (auto& column : table.columns) {
        const std::uint16_t length = view.u16(at);
        column.name = utf8_of(view.bytes(at + 2, length));
        at += std::size_t{2} + length;
    }
    if (!view.ok()) return view.error();
    std::stable_sort(table.columns.begin(), table.columns.end(), [](const Column& a, const Column& b) { return a.number < b.number; });
    const auto twice = std::adjacent_find(table.columns.begin(), table.columns.end(),
                                          [](const Column& a, const Column& b) { return a.number == b.number; });
    if (twice != table.columns.end()) return view.at(errc::bad_definition, columns_at);
    return table;
}

}  // namespace imc::jet
