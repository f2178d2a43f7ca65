#include "agent/store/rows.hpp"

#include <algorithm>

namespace imc::store {
namespace {

spchain::Basis basis_of(std::int64_t number) {
    // A number that is none of ours claims nothing.
    return number >= 0 && number <= static_cast<std::int64_t>(spchain::Basis::named) ? static_cast<spchain::Basis>(number)
                                                                                     : spchain::Basis::inferred;
}

}  // namespace

std::string marks_for(const std::string& columns) {
    std::string out = "?";
    for (auto commas = std::count(columns.begin(), columns.end(), ','); commas > 0; --commas) out += ", ?";
    return out;
}

std::string excluded(const std::string& columns) {
    std::string out;
    for (std::size_t at = 0; at < columns.size();) {
        const std::size_t end = std::min(columns.find(", ", at), columns.size());
        const std::string name = columns.substr(at, end - at);
        out += (out.empty() ? "" : ", ") + name + " = excluded." + name;
        at = end + 2;
    }
    return out;
}

std::optional<FolderRow> load_folder(Database& database, const std::string& id) {
    static const std::string sql = std::string("SELECT fid, seen_free, seen_total, ") + folder_columns + " FROM folders WHERE id = ?";
    Statement query(database, sql);
    if (!query.ask(id).next()) return std::nullopt;
    FolderRow row;
    query >> row.fid >> row.seen_free >> row.seen_total;
    read_into(query, fields_of_folder(row.record));
    return row;
}

std::vector<VolumeRecord> load_volumes(Database& database, std::int64_t fid) {
    static const std::string sql = std::string("SELECT ") + volume_columns + " FROM volumes WHERE fid = ?";
    std::vector<VolumeRecord> out;
    Statement query(database, sql);
    query.ask(fid);
    while (query.next()) read_into(query, fields_of_volume(out.emplace_back()));
    return out;
}

std::vector<spchain::Memory> load_memory(Database& database, const std::string& folder_id) {
    Statement query(database,
                    "SELECT name, bytes, written, first_seen, vanished, tail_differential, tail_incremental, basis, suspicious FROM images "
                    "WHERE fid = (SELECT fid FROM folders WHERE id = ?) ORDER BY name");
    std::vector<spchain::Memory> out;
    query.ask(folder_id);
    while (query.next()) {
        auto& image = out.emplace_back();
        std::optional<std::int64_t> written, first_seen, vanished;
        std::optional<std::uint32_t> differential, incremental;
        std::int64_t basis = 0;
        query >> image.name >> image.bytes >> written >> first_seen >> vanished >> differential >> incremental >> basis >> image.suspicious;
        image.written = written.value_or(spchain::no_time);
        image.first_seen = first_seen.value_or(spchain::no_time);
        image.vanished = vanished.value_or(spchain::no_time);
        image.has_tail = differential && incremental;
        if (image.has_tail) image.tail = {*differential, *incremental};
        image.basis = basis_of(basis);
    }
    return out;
}

}  // namespace imc::store
