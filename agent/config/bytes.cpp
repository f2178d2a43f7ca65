#include "agent/config/bytes.hpp"

#include "spchain/ascii.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace imc::config {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t bytes;
};
constexpr std::array<Unit, 11> units = {{
    {"PiB", std::int64_t{1} << 50},
    {"PB", 1'000'000'000'000'000},
    {"TiB", std::int64_t{1} << 40},
    {"TB", 1'000'000'000'000},
    {"GiB", std::int64_t{1} << 30},
    {"GB", 1'000'000'000},
    {"MiB", std::int64_t{1} << 20},
    {"MB", 1'000'000},
    {"KiB", 1024},
    {"KB", 1000},
    {"B", 1},
}};

std::int64_t unit_bytes(std::string_view text) noexcept {
    if (text.empty()) return 1;
    for (const Unit& unit : units) {
        if (spchain::ascii::same(unit.name, text)) return unit.bytes;
    }
    return 0;
}

std::size_t digits(std::string_view text) noexcept {
    std::size_t n = 0;
    while (n < text.size() && text[n] >= '0' && text[n] <= '9') ++n;
    return n;
}

}  // namespace

std::optional<std::int64_t> parse_bytes(std::string_view text) noexcept {
    const std::size_t whole = digits(text);
    std::int64_t number = 0;
    if (whole == 0 || std::from_chars(text.data(), text.data() + whole, number).ec != std::errc()) return std::nullopt;
    text.remove_prefix(whole);
    std::int64_t thousandths = 0;
    if (!text.empty() && text[0] == '.') {
        const std::size_t decimals = digits(text.substr(1));
        if (decimals == 0 || decimals > 3) return std::nullopt;
        for (std::size_t i = 0; i < 3; ++i) thousandths = thousandths * 10 + (i < decimals ? text[1 + i] - '0' : 0);
        text.remove_prefix(1 + decimals);
    }
    while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
    const std::int64_t unit = unit_bytes(text);
    if (unit == 0 || (thousandths != 0 && unit == 1)) return std::nullopt;
    const std::int64_t part = unit / 1000 * thousandths + unit % 1000 * thousandths / 1000;
    if (number > (std::numeric_limits<std::int64_t>::max() - part) / unit) return std::nullopt;
    return number * unit + part;
}

std::string exact_bytes(std::int64_t bytes) {
    for (const Unit& unit : units) {
        if (unit.bytes > 1 && bytes >= unit.bytes && bytes % unit.bytes == 0) {
            return std::to_string(bytes / unit.bytes) + " " + std::string(unit.name);
        }
    }
    return std::to_string(bytes);
}

}  // namespace imc::config
