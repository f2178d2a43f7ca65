#include "agent/imagemanager/jet/database.hpp"

#include <algorithm>
#include <string_view>

namespace imc::jet {
namespace {

constexpr std::size_t name_at = 4, version_at = 20, key_at = 62;
constexpr std::uint32_t key_mask = 0x4EBC8AFB;  // bytes 62 to 65 of the mask over page 0
constexpr std::string_view jet_name = "Standard Jet DB", ace_name = "Standard ACE DB";
constexpr std::uint32_t catalogue_page = 2;
constexpr std::int64_t type_table = 1, type_mask = 0x7F, page_mask = 0x00FFFFFF, system_flags = 0x80000002;

Result<void> check_header(const Source& source) {
    // Not a page: one of Jet 3 has half the size, and what it is should be said of a short file, too.
    std::array<std::uint8_t, key_at + 4> head{};
    if (source.size() < head.size()) return Error{errc::not_a_database, 0, 0};
    if (!source.read(0, head)) return Error{errc::unreadable, 0, 0};
    const std::string_view name(reinterpret_cast<const char*>(head.data()) + name_at, jet_name.size());
    if (u32(head, 0) != 0x100 || (name != jet_name && name != ace_name)) return Error{errc::not_a_database, 0, 0};
    if (name == ace_name) return Error{errc::ace, 0, name_at};
    switch (head[version_at]) {
        case 0:
            return Error{errc::jet3, 0, version_at};
        case 1:
            break;
        case 2:
        case 3:
        case 4:
        case 5:
            return Error{errc::ace, 0, version_at};
        default:
            return Error{errc::unknown_format, 0, version_at};
    }
    if ((u32(head, key_at) ^ key_mask) != 0) return Error{errc::encrypted, 0, key_at};
    return {};
}

std::int64_t number_at(std::span<const Value> row, int column) {
    const auto* number = std::get_if<std::int64_t>(&row[static_cast<std::size_t>(column)]);
    return number ? *number : 0;
}

}  // namespace

Result<Database> Database::open(const Source& source) {
    if (const auto known = check_header(source); !known) return known.error();
    Database database(source);
    if (const auto read = database.read_catalogue(); !read) return read.error();
    return database;
}

Result<void> Database::read_catalogue() {
    static constexpr std::string_view wanted[] = {"Id", "Name", "Type", "Flags"};
    auto table = read_definition(pages_, catalogue_page);
    if (!table) return table.error();
    table->keep_only(wanted);
    const int id = table->column("Id"), name = table->column("Name"), type = table->column("Type"), flags = table->column("Flags");
    if (std::min({id, name, type, flags}) < 0) return Error{errc::bad_definition, catalogue_page, 0};
    auto cursor = rows(*table);
    if (!cursor) return cursor.error();
    for (;;) {
        const auto more = cursor->next();
        if (!more) return more.error();
        if (!*more) return {};
        const auto row = cursor->row();
        const auto* text = std::get_if<std::string>(&row[static_cast<std::size_t>(name)]);
        if ((number_at(row, type) & type_mask) != type_table || text == nullptr) continue;
        CatalogueEntry entry;
        entry.name = *text;
        entry.page = static_cast<std::uint32_t>(number_at(row, id) & page_mask);
        entry.system = (number_at(row, flags) & system_flags) != 0;
        tables_.push_back(std::move(entry));
    }
}

const CatalogueEntry* Database::find(std::string_view name) const noexcept {
    const auto found = std::find_if(tables_.begin(), tables_.end(), [name](const auto& entry) { return same_name(entry.name, name); });
    return found == tables_.end() ? nullptr : &*found;
}

Result<Table> Database::table(const CatalogueEntry& entry) const {
    auto table = read_definition(pages_, entry.page);
    if (table) table->name = entry.name;
    return table;
}

}  // namespace imc::jet
