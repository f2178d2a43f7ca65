#include "tools/generator/jet_writer.hpp"

#include <bit>
#include <cstring>
#include <stdexcept>

namespace generator {
namespace {

using imc::jet::ColumnType;
using imc::jet::Value;
using Octets = std::vector<std::uint8_t>;

constexpr std::size_t page_size = 4096;
constexpr std::size_t rows_begin = 14;
constexpr std::size_t part_bytes = 4000;  // of a long value in several rows

void put(Octets& to, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

void set(Octets& page, std::size_t at, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) page[at + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value >> 8 * i);
}

// Of valid UTF-8.
std::u16string utf16(const std::string& text) {
    std::u16string units;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const int more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        std::uint32_t c = more == 0 ? lead : lead & (0x3FU >> more);
        for (int k = 0; k < more; ++k) c = c << 6 | (static_cast<unsigned char>(text[i++]) & 0x3FU);
        if (c >= 0x10000) {
            units += static_cast<char16_t>(0xD7C0 + (c >> 10));
            c = 0xDC00 | (c & 0x3FF);
        }
        units += static_cast<char16_t>(c);
    }
    return units;
}

Octets text_bytes(const std::string& text, bool compressed) {
    const std::u16string units = utf16(text);
    Octets wide;
    for (const char16_t unit : units) put(wide, unit, 2);
    if (!compressed || units.size() < 2) return wide;
    Octets narrow = {0xFF, 0xFE};
    bool is_narrow = true;
    for (const char16_t unit : units) {
        if ((unit & 0xFF) == 0) return wide;
        if ((unit < 0x100) != is_narrow) {
            narrow.push_back(0);
            is_narrow = !is_narrow;
        }
        put(narrow, unit, is_narrow ? 1 : 2);
    }
    return narrow.size() < wide.size() ? narrow : wide;
}

std::size_t fixed_bytes(ColumnType type) {
    switch (type) {
        case ColumnType::byte:
            return 1;
        case ColumnType::integer:
            return 2;
        case ColumnType::long_int:
        case ColumnType::single:
            return 4;
        case ColumnType::currency:
        case ColumnType::double_float:
        case ColumnType::date_time:
            return 8;
        case ColumnType::guid:
            return 16;
        case ColumnType::numeric:
            return 17;
        default:
            return 0;
    }
}

bool is_fixed(ColumnType type) {
    return type == ColumnType::yes_no || fixed_bytes(type) > 0;
}

Octets field_bytes(const Value& value, const JetColumn& column) {
    Octets bytes;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        put(bytes, static_cast<std::uint64_t>(*number), static_cast<int>(fixed_bytes(column.type)));
    } else if (const auto* money = std::get_if<imc::jet::Currency>(&value)) {
        put(bytes, static_cast<std::uint64_t>(money->ten_thousandths), 8);
    } else if (const auto* single = std::get_if<float>(&value)) {
        put(bytes, std::bit_cast<std::uint32_t>(*single), 4);
    } else if (const auto* real = std::get_if<double>(&value)) {
        put(bytes, std::bit_cast<std::uint64_t>(*real), 8);
    } else if (const auto* date = std::get_if<imc::jet::DateTime>(&value)) {
        put(bytes, std::bit_cast<std::uint64_t>(date->serial), 8);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        bytes = text_bytes(*text, column.compressed);
    } else if (const auto* binary = std::get_if<imc::jet::Binary>(&value)) {
        bytes = *binary;
    } else if (const auto* guid = std::get_if<imc::jet::Guid>(&value)) {
        bytes.assign(guid->bytes.begin(), guid->bytes.end());
    } else if (const auto* numeric = std::get_if<imc::jet::Numeric>(&value)) {
        bytes.push_back(numeric->negative ? 0x80 : 0);
        for (const std::uint32_t word : numeric->words) put(bytes, word, 4);
    }
    return bytes;
}

class Writer {
public:
    Writer() : pages_(3, Octets(page_size)) {
        const Octets head = {0, 1, 0, 0, 'S', 't', 'a', 'n', 'd', 'a', 'r', 'd', ' ', 'J', 'e', 't', ' ', 'D', 'B', 0, 1};
        std::copy(head.begin(), head.end(), pages_[0].begin());
        set(pages_[0], 62, 0x4EBC8AFB, 4);
        pages_[1][0] = 1;
    }

    void write(const JetTable& table, std::size_t definition) {
        for (const auto& row : table.rows) add(table, row, definition);
        const auto map = add_map(table.map_by_reference);
        define(table, definition, map);
        own_.clear();
    }

    std::size_t new_page() {
        pages_.emplace_back(page_size);
        return pages_.size() - 1;
    }

    Octets take() {
        Octets all;
        for (const auto& page : pages_) all.insert(all.end(), page.begin(), page.end());
        return all;
    }

private:
    struct Place {
        std::size_t page = 0, row = 0;
        [[nodiscard]] std::uint64_t packed() const { return page << 8 | row; }
    };

    std::size_t new_data_page(std::uint32_t owner) {
        const std::size_t number = new_page();
        pages_[number][0] = pages_[number][1] = 1;
        set(pages_[number], 4, owner, 4);
        set(pages_[number], 2, page_size - rows_begin, 2);
        return number;
    }

    // On `page` if it has room, else on a new one, which `page` then is.
    Place put_row(std::size_t& page, std::uint32_t owner, const Octets& bytes, std::uint16_t flags) {
        for (int attempt = 0; attempt < 2; ++attempt) {
            if (page != 0) {
                Octets& at = pages_[page];
                const std::size_t count = at[12] | static_cast<std::size_t>(at[13]) << 8;
                const std::size_t offset_at = rows_begin + 2 * count;
                const std::size_t end =
                    count == 0 ? page_size : (at[offset_at - 2] | static_cast<std::size_t>(at[offset_at - 1]) << 8) & 0x1FFF;
                if (end >= offset_at + 2 + bytes.size() && count < 255) {
                    std::copy(bytes.begin(), bytes.end(), at.begin() + static_cast<std::ptrdiff_t>(end - bytes.size()));
                    set(at, offset_at, (end - bytes.size()) | flags, 2);
                    set(at, 12, count + 1, 2);
                    set(at, 2, end - bytes.size() - offset_at - 2, 2);
                    return {page, count};
                }
            }
            page = new_data_page(owner);
            if (owner != imc::jet::DataPage::long_values) own_.push_back(page);
        }
        throw std::length_error("a row is larger than a page");
    }

    Octets long_value(const Octets& bytes, JetRow::Place place) {
        constexpr std::uint32_t owner = imc::jet::DataPage::long_values;
        Octets field;
        std::uint64_t at = 0;
        std::uint32_t kind = 0x80000000;
        if (place == JetRow::Place::row) {
            kind = 0x40000000;
            at = put_row(long_page_, owner, bytes, 0).packed();
        } else if (place == JetRow::Place::rows) {
            kind = 0;
            for (std::size_t parts = (bytes.size() + part_bytes - 1) / part_bytes; parts-- > 0;) {
                Octets part;
                put(part, at, 4);
                const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(parts * part_bytes);
                part.insert(part.end(), begin,
                            begin + static_cast<std::ptrdiff_t>(std::min(part_bytes, bytes.size() - parts * part_bytes)));
                at = put_row(long_page_, owner, part, 0).packed();
            }
        }
        put(field, bytes.size() | kind, 4);
        put(field, at, 4);
        put(field, 0, 4);
        if (place == JetRow::Place::here) field.insert(field.end(), bytes.begin(), bytes.end());
        return field;
    }

    Octets row_bytes(const JetTable& table, const JetRow& row) {
        Octets bytes, mask((row.values.size() + 7) / 8);
        put(bytes, row.values.size(), 2);
        std::vector<std::size_t> offsets;
        for (const bool fixed : {true, false}) {
            for (std::size_t i = 0; i < row.values.size(); ++i) {
                const auto& column = table.columns[i];
                if (is_fixed(column.type) != fixed) continue;
                const auto* flag = std::get_if<bool>(&row.values[i]);
                const bool null = std::holds_alternative<std::monostate>(row.values[i]) || (flag && !*flag);
                if (!null) mask[i / 8] = static_cast<std::uint8_t>(mask[i / 8] | 1 << i % 8);
                Octets field = field_bytes(row.values[i], column);
                const bool is_long = column.type == ColumnType::memo || column.type == ColumnType::ole;
                if (is_long && !null) field = long_value(field, row.place);
                if (fixed) field.resize(fixed_bytes(column.type));
                if (!fixed) offsets.push_back(bytes.size());
                bytes.insert(bytes.end(), field.begin(), field.end());
            }
        }
        if (!offsets.empty()) {
            put(bytes, bytes.size(), 2);
            for (std::size_t i = offsets.size(); i-- > 0;) put(bytes, offsets[i], 2);
            put(bytes, offsets.size(), 2);
        }
        bytes.insert(bytes.end(), mask.begin(), mask.end());
        return bytes;
    }

    void add(const JetTable& table, const JetRow& row, std::size_t definition) {
        const auto owner = static_cast<std::uint32_t>(definition);
        const Octets bytes = row_bytes(table, row);
        std::size_t page = own_.empty() ? 0 : own_.back();
        if (row.kind == JetRow::Kind::moved) {
            std::size_t other = 0;  // always another page
            const Place moved = put_row(other, owner, bytes, 0x8000);
            Octets pointer;
            put(pointer, moved.packed(), 4);
            put_row(page, owner, pointer, 0x4000);
        } else {
            put_row(page, owner, bytes, row.kind == JetRow::Kind::deleted ? 0xC000 : 0);
        }
    }

    Place add_map(bool by_reference) {
        Octets map;
        const std::size_t first = own_.empty() ? 0 : own_.front();
        if (!by_reference && (own_.empty() || own_.back() - first < 512)) {
            map.push_back(0);
            put(map, first, 4);
            map.resize(5 + 64);
            for (const std::size_t page : own_)
                map[5 + (page - first) / 8] = static_cast<std::uint8_t>(map[5 + (page - first) / 8] | 1 << (page - first) % 8);
        } else {
            const std::size_t bits = new_page();
            pages_[bits][0] = 5;
            pages_[bits][1] = 1;
            for (const std::size_t page : own_)
                pages_[bits][4 + page / 8] = static_cast<std::uint8_t>(pages_[bits][4 + page / 8] | 1 << page % 8);
            map.push_back(1);
            put(map, bits, 4);
            map.resize(1 + 17 * 4);
        }
        std::size_t page = new_data_page(0);
        const Place place = put_row(page, 0, map, 0);
        put_row(page, 0, Octets(69), 0);  // the map of free space: none
        return place;
    }

    void define(const JetTable& table, std::size_t first, Place map) {
        Octets whole(63);
        whole[0] = 2;
        whole[1] = 1;
        set(whole, 16, table.rows.size(), 4);
        whole[40] = first == 2 ? 0x53 : 0x4E;
        std::size_t variable = 0, fixed_at = 0;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const auto& column = table.columns[i];
            const bool fixed = is_fixed(column.type);
            Octets block(25);
            block[0] = static_cast<std::uint8_t>(column.type);
            set(block, 5, i, 2);
            set(block, 7, variable, 2);
            set(block, 9, i, 2);
            block[11] = column.type == ColumnType::numeric ? 28 : 0;
            block[12] = column.scale;
            block[15] = fixed ? 3 : 2;
            block[16] = column.compressed ? 1 : 0;
            set(block, 21, fixed_at, 2);
            const bool is_long = column.type == ColumnType::memo || column.type == ColumnType::ole;
            set(block, 23, is_long ? 0 : fixed ? std::max<std::size_t>(fixed_bytes(column.type), 1) : 510, 2);
            whole.insert(whole.end(), block.begin(), block.end());
            if (fixed) fixed_at += fixed_bytes(column.type);
            if (!fixed) ++variable;
        }
        for (const auto& column : table.columns) {
            const Octets name = text_bytes(column.name, false);
            put(whole, name.size(), 2);
            whole.insert(whole.end(), name.begin(), name.end());
        }
        put(whole, 0xFFFF, 2);
        set(whole, 8, whole.size() - 8, 4);
        set(whole, 41, table.columns.size(), 2);
        set(whole, 43, variable, 2);
        set(whole, 45, table.columns.size(), 2);
        set(whole, 55, map.packed(), 4);
        set(whole, 59, map.packed() + 1, 4);
        std::size_t page = first, done = std::min(whole.size(), page_size);
        std::copy_n(whole.begin(), done, pages_[page].begin());
        while (done < whole.size()) {
            const std::size_t next = new_page();
            set(pages_[page], 4, next, 4);
            pages_[next][0] = 2;
            pages_[next][1] = 1;
            const std::size_t part = std::min(whole.size() - done, page_size - 8);
            std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(done), part, pages_[next].begin() + 8);
            done += part;
            page = next;
        }
    }

    std::vector<Octets> pages_;
    std::vector<std::size_t> own_;  // data pages of the table that is written
    std::size_t long_page_ = 0;
};

}  // namespace

std::vector<std::uint8_t> jet_database(const std::vector<JetTable>& tables) {
    Writer writer;
    JetTable catalogue{"MSysObjects",
                       {{"Id", ColumnType::long_int},
                        {"ParentId", ColumnType::long_int},
                        {"Name", ColumnType::text},
                        {"Type", ColumnType::integer},
                        {"Flags", ColumnType::long_int},
                        {"LvProp", ColumnType::ole}},
                       {},
                       false};
    const auto enter = [&catalogue](std::size_t page, const std::string& name, std::int64_t flags) {
        JetRow row;
        row.values = {static_cast<std::int64_t>(page), std::int64_t{0}, name, std::int64_t{1}, flags, std::monostate()};
        catalogue.rows.push_back(std::move(row));
    };
    enter(2, "MSysObjects", -0x7FFFFFFF - 1);
    for (const auto& table : tables) {
        const std::size_t page = writer.new_page();
        enter(page, table.name, 0);
        writer.write(table, page);
    }
    writer.write(catalogue, 2);
    return writer.take();
}

}  // namespace generator
