#include "agent/imagemanager/jet/value.hpp"

#include <chrono>
#include <cmath>

namespace imc::jet {
namespace {

constexpr double seconds_per_day = 86'400;
// 0100-01-01 and the day after 9999-12-31, in days since 1899-12-30.
constexpr double first_day = -657'434;
constexpr double end_of_days = 2'958'466;
constexpr std::int64_t epoch = 25'569;  // 1970-01-01

// Digits with a point before the last `scale` of them.
std::string pointed(std::string digits, std::size_t scale, bool negative) {
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    if (scale > 0) digits.insert(digits.size() - scale, 1, '.');
    return negative ? "-" + digits : digits;
}

}  // namespace

std::optional<std::int64_t> DateTime::seconds() const noexcept {
    if (!(serial > first_day - 1 && serial < end_of_days)) return std::nullopt;
    const double day = std::trunc(serial);
    const auto time = static_cast<std::int64_t>(std::floor(std::fabs(serial - day) * seconds_per_day + 0.5));
    return (static_cast<std::int64_t>(day) - epoch) * static_cast<std::int64_t>(seconds_per_day) + time;
}

std::optional<Civil> DateTime::civil() const noexcept {
    const auto at = seconds();
    if (!at) return std::nullopt;
    const std::chrono::sys_seconds time{std::chrono::seconds{*at}};
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{midnight};
    const std::chrono::hh_mm_ss<std::chrono::seconds> clock{time - midnight};
    const int year = static_cast<int>(date.year());
    if (year < 100 || year > 9999) return std::nullopt;
    return Civil{year,
                 static_cast<int>(static_cast<unsigned>(date.month())),
                 static_cast<int>(static_cast<unsigned>(date.day())),
                 static_cast<int>(clock.hours().count()),
                 static_cast<int>(clock.minutes().count()),
                 static_cast<int>(clock.seconds().count())};
}

std::string Currency::text() const {
    const bool negative = ten_thousandths < 0;
    const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(ten_thousandths) : static_cast<std::uint64_t>(ten_thousandths);
    return pointed(std::to_string(magnitude), 4, negative);
}

std::string Numeric::text() const {
    auto rest = words;
    std::string digits;
    do {
        std::uint64_t carry = 0;
        for (auto& word : rest) {
            carry = carry << 32 | word;
            word = static_cast<std::uint32_t>(carry / 10);
            carry %= 10;
        }
        digits.insert(digits.begin(), static_cast<char>('0' + carry));
    } while (rest != std::array<std::uint32_t, 4>{});
    return pointed(std::move(digits), scale, negative && words != std::array<std::uint32_t, 4>{});
}

std::string Guid::text() const {
    static constexpr char digits[] = "0123456789ABCDEF";
    // The first three groups are numbers, lowest byte first.
    static constexpr std::uint8_t order[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    std::string text = "{";
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        const std::uint8_t byte = bytes[order[i]];
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text + "}";
}

}  // namespace imc::jet
