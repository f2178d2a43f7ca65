#include "agent/imagemanager/table_reader.hpp"

#include <charconv>
#include <cmath>

namespace imc::imagemanager {
namespace {

std::optional<std::int64_t> whole(double value) {
    // 2^63 is the first that does not fit; not a number fails both comparisons.
    if (!(value >= -9'223'372'036'854'775'808.0 && value < 9'223'372'036'854'775'808.0) || value != std::trunc(value)) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> parsed(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

struct Number {
    std::optional<std::int64_t> operator()(std::int64_t value) const { return value; }
    std::optional<std::int64_t> operator()(double value) const { return whole(value); }
    std::optional<std::int64_t> operator()(float value) const { return whole(static_cast<double>(value)); }
    std::optional<std::int64_t> operator()(const jet::Currency& value) const {
        if (value.ten_thousandths % 10'000 != 0) return std::nullopt;
        return value.ten_thousandths / 10'000;
    }
    std::optional<std::int64_t> operator()(const jet::Numeric& value) const {
        std::string text = value.text();
        if (const auto point = text.find('.'); point != std::string::npos) {
            if (text.find_first_not_of('0', point + 1) != std::string::npos) return std::nullopt;
            text.resize(point);
        }
        return parsed(text);
    }
    std::optional<std::int64_t> operator()(const std::string& value) const { return parsed(value); }
    template <class T>
    std::optional<std::int64_t> operator()(const T&) const {
        return std::nullopt;
    }
};

}  // namespace

const jet::Value* RowView::value(std::size_t column) const {
    const int at = columns_[column];
    return at < 0 ? nullptr : &values_[static_cast<std::size_t>(at)];
}

std::optional<std::int64_t> RowView::number(std::size_t column) const {
    const auto* found = value(column);
    return found ? std::visit(Number{}, *found) : std::nullopt;
}

std::optional<std::uint64_t> RowView::bytes(std::size_t column) const {
    const auto found = number(column);
    if (!found || *found < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*found);
}

std::optional<std::string> RowView::text(std::size_t column) const {
    const auto* found = value(column);
    if (!found) return std::nullopt;
    if (const auto* text = std::get_if<std::string>(found)) return *text;
    if (const auto* guid = std::get_if<jet::Guid>(found)) return guid->text();
    return std::nullopt;
}

std::optional<bool> RowView::flag(std::size_t column) const {
    const auto* found = value(column);
    if (!found) return std::nullopt;
    if (const auto* flag = std::get_if<bool>(found)) return *flag;
    const auto number = std::visit(Number{}, *found);
    if (!number) return std::nullopt;
    return *number != 0;
}

std::optional<UnixTime> RowView::time(std::size_t column) const {
    const auto* found = value(column);
    const auto* date = found ? std::get_if<jet::DateTime>(found) : nullptr;
    // civil() refuses what no calendar of four digits shows.
    return date && date->civil() ? date->seconds() : std::nullopt;
}

RecordsResult<void> TableReader::read(const jet::CatalogueEntry& entry, std::span<const std::string_view> known, Keep keep,
                                      const Row& row) {
    const auto damaged = [&entry](const jet::Error& error) { return RecordsError{RecordsError::Kind::damaged, entry.name, error}; };
    auto table = database_.table(entry);
    if (!table) return damaged(table.error());
    for (const auto& column : table->columns) {
        bool found = false;
        for (const auto name : known) found = found || jet::same_name(column.name, name);
        if (!found) unknown_columns_.push_back(entry.name + "." + column.name);
    }
    table->keep_only(known);
    columns_.clear();
    for (const auto name : known) columns_.push_back(table->column(name));
    auto cursor = database_.rows(*table);
    if (!cursor) return damaged(cursor.error());
    for (;;) {
        const auto more = cursor->next();
        if (!more) return damaged(more.error());
        if (!*more) return {};
        if (rows_left_ == 0 || (keep == Keep::yes && kept_left_ == 0)) return RecordsError{RecordsError::Kind::too_many, entry.name, {}};
        --rows_left_;
        if (keep == Keep::yes) --kept_left_;
        row(RowView(cursor->row(), columns_));
    }
}

}  // namespace imc::imagemanager
