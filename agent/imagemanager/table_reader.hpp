// Tables of a database by name, with the columns that are asked for where they exist, in types of our own: versions of
// ImageManager differ in which columns there are and may differ in their types. What it is not: for other databases.
// Internal to the module.
#pragma once

#include "agent/imagemanager/jet/database.hpp"
#include "agent/imagemanager/records.hpp"

#include <algorithm>
#include <functional>

namespace imc::imagemanager {

// One row: a column by its place in the list that was asked for. Nothing for null, for columns that the table lacks, and
// for what cannot be said in the type without loss.
class RowView {
public:
    RowView(std::span<const jet::Value> values, std::span<const int> columns) : values_(values), columns_(columns) {}
    [[nodiscard]] std::optional<std::int64_t> number(std::size_t column) const;
    [[nodiscard]] std::optional<std::uint64_t> bytes(std::size_t column) const;  // a number that is not negative
    [[nodiscard]] std::optional<std::string> text(std::size_t column) const;
    [[nodiscard]] std::optional<bool> flag(std::size_t column) const;
    [[nodiscard]] std::optional<UnixTime> time(std::size_t column) const;

private:
    [[nodiscard]] const jet::Value* value(std::size_t column) const;

    std::span<const jet::Value> values_;
    std::span<const int> columns_;  // places in the row; -1: the table has no such column
};

class TableReader {
public:
    // Tables of a hostile file may share their rows: together they may have no more than fit into `file_size` bytes.
    TableReader(const jet::Database& database, std::uint64_t file_size)
        : database_(database),
          rows_left_(std::min(most_rows, file_size / least_row)),
          kept_left_(std::min(most_kept_rows, file_size / least_kept_row)) {}

    enum class Keep : bool { no, yes };  // whether rows stay in memory; of these there may be fewer
    using Row = std::function<void(const RowView&)>;
    // Every row of a table, which exists. Columns besides `known` are noted in unknown_columns.
    [[nodiscard]] RecordsResult<void> read(const jet::CatalogueEntry& entry, std::span<const std::string_view> known, Keep keep,
                                           const Row& row);
    [[nodiscard]] std::vector<std::string> take_unknown_columns() { return std::move(unknown_columns_); }
    // Of the table that was read last.
    [[nodiscard]] bool had(std::size_t column) const { return columns_[column] >= 0; }

private:
    static constexpr std::uint64_t least_row = 4, least_kept_row = 8;  // bytes, with the row's offset

    const jet::Database& database_;
    std::uint64_t rows_left_, kept_left_;
    std::vector<int> columns_;
    std::vector<std::string> unknown_columns_;
};

}  // namespace imc::imagemanager
