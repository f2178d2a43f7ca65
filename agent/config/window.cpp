#include "agent/config/window.hpp"

namespace imc::config {
namespace {

constexpr std::int64_t day = 86'400;

std::optional<int> minutes(std::string_view text) noexcept {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    int value[2] = {0, 0};
    for (const std::size_t at : {0U, 1U, 3U, 4U}) {
        if (text[at] < '0' || text[at] > '9') return std::nullopt;
        int& part = value[at > 2 ? 1 : 0];
        part = part * 10 + (text[at] - '0');
    }
    const int total = value[0] * 60 + value[1];
    if (value[1] > 59 || total > 1440) return std::nullopt;
    return total;
}

}  // namespace

std::int64_t Window::seconds() const noexcept {
    const std::int64_t length = std::int64_t{60} * (end - begin);
    return length > 0 ? length : length + day;
}

std::optional<std::int64_t> Window::since_begin(std::int64_t second_of_day) const noexcept {
    std::int64_t since = second_of_day - std::int64_t{60} * begin;
    if (since < 0) since += day;
    if (since >= seconds()) return std::nullopt;
    return since;
}

std::optional<Window> parse_window(std::string_view text) noexcept {
    if (text.size() != 11 || text[5] != '-') return std::nullopt;
    const auto begin = minutes(text.substr(0, 5));
    const auto end = minutes(text.substr(6));
    if (!begin || !end || *begin == 1440) return std::nullopt;
    return Window{*begin, *end};
}

}  // namespace imc::config
