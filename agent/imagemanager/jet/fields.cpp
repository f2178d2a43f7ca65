#include "agent/imagemanager/jet/fields.hpp"

#include "agent/imagemanager/jet/text.hpp"

#include <algorithm>
#include <bit>

namespace imc::jet {
namespace {

std::uint64_t u64(Bytes bytes) noexcept {
    return u32(bytes, 0) | std::uint64_t{u32(bytes, 4)} << 32;
}

// A byte for the sign, then four words, the highest first, each lowest byte first.
Numeric numeric_of(Bytes bytes, std::uint8_t scale) noexcept {
    Numeric number;
    number.negative = bytes[0] != 0;
    number.scale = scale;
    for (std::size_t i = 0; i < number.words.size(); ++i) number.words[i] = u32(bytes, 1 + 4 * i);
    return number;
}

}  // namespace

std::size_t bytes_of(ColumnType type) noexcept {
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

Value value_of(const Column& column, Bytes bytes) {
    switch (column.type) {
        case ColumnType::byte:
            return std::int64_t{bytes[0]};
        case ColumnType::integer:
            return std::int64_t{static_cast<std::int16_t>(u16(bytes, 0))};
        case ColumnType::long_int:
            return std::int64_t{static_cast<std::int32_t>(u32(bytes, 0))};
        case ColumnType::currency:
            return Currency{static_cast<std::int64_t>(u64(bytes))};
        case ColumnType::single:
            return std::bit_cast<float>(u32(bytes, 0));
        case ColumnType::double_float:
            return std::bit_cast<double>(u64(bytes));
        case ColumnType::date_time:
            return DateTime{std::bit_cast<double>(u64(bytes))};
        case ColumnType::text:
            return utf8_of(bytes);
        case ColumnType::guid: {
            Guid guid;
            std::copy_n(bytes.begin(), guid.bytes.size(), guid.bytes.begin());
            return guid;
        }
        case ColumnType::numeric:
            return numeric_of(bytes, column.scale);
        default:
            return Binary(bytes.begin(), bytes.end());
    }
}

}  // namespace imc::jet
