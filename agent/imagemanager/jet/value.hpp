// What a field of a row holds, in C++ types. Text is UTF-8. What it is not: formatting for people, and no time zone:
// dates are what a clock on a wall showed, and whoever knows the table knows which clock.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace imc::jet {

struct Civil {
    int year = 0, month = 0, day = 0;  // 100-01-01 to 9999-12-31
    int hour = 0, minute = 0, second = 0;
    friend bool operator==(const Civil&, const Civil&) = default;
};

// As the file keeps it: days since 1899-12-30; the fraction is the time of day, counted forward before that day, too.
struct DateTime {
    double serial = 0;
    // Rounded to a second. Nothing for what is no date of Access (not a number, out of range).
    [[nodiscard]] std::optional<Civil> civil() const noexcept;
    // Seconds since 1970-01-01 00:00 on the same clock. Nothing where civil() gives nothing.
    [[nodiscard]] std::optional<std::int64_t> seconds() const noexcept;
    friend bool operator==(const DateTime&, const DateTime&) = default;
};

// Exact, in ten-thousandths.
struct Currency {
    std::int64_t ten_thousandths = 0;
    [[nodiscard]] std::string text() const;  // "-12.3400"
    friend bool operator==(const Currency&, const Currency&) = default;
};

// Exact: up to 128 bits and a sign, with `scale` digits after the point (0 to 28).
struct Numeric {
    std::array<std::uint32_t, 4> words{};  // the highest first
    bool negative = false;
    std::uint8_t scale = 0;
    [[nodiscard]] std::string text() const;  // "-12.34"; all digits of the scale
    friend bool operator==(const Numeric&, const Numeric&) = default;
};

struct Guid {
    std::array<std::uint8_t, 16> bytes{};    // as the file keeps them
    [[nodiscard]] std::string text() const;  // "{694A6C72-21D0-4A98-B7B8-79F553E460CC}"
    friend bool operator==(const Guid&, const Guid&) = default;
};

using Binary = std::vector<std::uint8_t>;

// monostate: null. bool: yes/no (never null). int64: byte, integer, long. float: single. Binary: binary, OLE, and the raw
// bytes of types that are not known.
using Value = std::variant<std::monostate, bool, std::int64_t, Currency, float, double, DateTime, std::string, Binary, Guid, Numeric>;

}  // namespace imc::jet
