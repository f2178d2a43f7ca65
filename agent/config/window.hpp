// The hours of a day in which something may be done, such as "22:00-06:00", by the clock on the wall. What it is not: a timer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace imc::config {

struct Window {
    int begin = 0;  // minutes after midnight, 0 to 1439
    int end = 0;    // the same, or 1440; not after `begin`: on the next day; equal: the whole day

    [[nodiscard]] std::int64_t seconds() const noexcept;  // how long it is
    // Seconds since the window began, where `second_of_day` (0 to 86399) is within.
    [[nodiscard]] std::optional<std::int64_t> since_begin(std::int64_t second_of_day) const noexcept;
};

// "HH:MM-HH:MM"; nothing for anything else.
[[nodiscard]] std::optional<Window> parse_window(std::string_view text) noexcept;

}  // namespace imc::config
