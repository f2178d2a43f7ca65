#include "agent/monitor/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace imc::monitor {
namespace {

std::size_t columns(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
    static constexpr std::array<const char*, 6> units = {" KB", " MB", " GB", " TB", " PB", " EB"};
    if (bytes < 1000) return std::to_string(bytes) + " B";
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    // from 999.5 on rounding would show 1000
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    const bool decimals = value < 99.95;
    const auto tenths = static_cast<std::uint64_t>(std::llround(decimals ? value * 10 : value)) * (decimals ? 1 : 10);
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
    return text + units[unit];
}

std::string age_text(std::int64_t seconds) {
    const auto two = [](std::int64_t big, const std::string& big_unit, std::int64_t small, const char* small_unit) {
        return std::to_string(big) + big_unit + (small > 0 ? " " + std::to_string(small) + small_unit : std::string());
    };
    if (seconds < 60) return std::to_string(std::max<std::int64_t>(seconds, 0)) + " s";
    if (seconds < 3600) return std::to_string(seconds / 60) + " min";
    if (seconds < 86'400) return two(seconds / 3600, " h", seconds % 3600 / 60, " min");
    const std::int64_t days = seconds / 86'400;
    const std::string unit = days == 1 ? " day" : " days";
    return days < 14 ? two(days, unit, seconds % 86'400 / 3600, " h") : std::to_string(days) + unit;
}

std::string count_text(std::uint64_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string list_text(const std::vector<std::string>& items, std::size_t most, std::uint64_t count) {
    const std::size_t shown = std::min(items.size(), most);
    const std::uint64_t rest = std::max<std::uint64_t>(count, items.size()) - shown;
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0) text += i + 1 == shown && rest == 0 ? " and " : ", ";
        text += items[i];
    }
    if (rest > 0) text += (shown > 0 ? " and " : "") + std::to_string(rest) + (shown > 0 ? " more" : "");
    return text;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    const std::string blanks(indent, ' ');
    std::string out;
    std::string line;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        if (!line.empty() && indent + columns(line) + 1 + columns(word) > width) {
            out += blanks + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + std::string(word);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return line.empty() ? out : out + blanks + line + "\n";
}

}  // namespace imc::monitor
