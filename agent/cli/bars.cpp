#include "agent/cli/bars.hpp"

#include <algorithm>
#include <cmath>

namespace imc::cli {
namespace {

std::string bar(std::size_t full, std::size_t cells, char mark) {
    return "[" + std::string(full, mark) + std::string(cells - full, '.') + "]";
}

// Rounded up: the first cell fills with the first second, the last one only near the end.
std::size_t filled(double share, std::size_t cells) {
    const double exact = std::clamp(share, 0.0, 1.0) * static_cast<double>(cells);
    return std::min(cells, static_cast<std::size_t>(std::ceil(exact - 1e-9)));
}

}  // namespace

Cell age_bar(std::optional<std::int64_t> age_seconds, std::int64_t grace_days, std::size_t cells) {
    if (!age_seconds) return {bar(cells, cells, '?'), Tone::warn};
    if (grace_days <= 0) return {};
    const double share = static_cast<double>(*age_seconds) / (static_cast<double>(grace_days) * 86'400);
    if (share > 1.0) return {bar(cells, cells, '!'), Tone::bad};
    return {bar(filled(share, cells), cells, '#'), share > 0.67 ? Tone::warn : Tone::good};
}

Cell used_bar(std::uint64_t used, std::uint64_t total, std::size_t cells) {
    if (total == 0) return {};
    const double share = static_cast<double>(used) / static_cast<double>(total);
    return {bar(filled(share, cells), cells, '#'), share > 0.95 ? Tone::bad : share > 0.9 ? Tone::warn : Tone::plain};
}

}  // namespace imc::cli
