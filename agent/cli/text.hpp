// Text for terminals: how many columns it takes, cut and padded to a width, made harmless, painted. What it is not:
// layout (table.hpp). Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace imc::cli {

// Columns of a terminal: wide East Asian characters take two, combining ones none. Without escape codes.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;
// Control characters, bytes that are not UTF-8 and marks that turn the direction of writing become U+FFFD: names of
// files come from anywhere and must not move the cursor.
[[nodiscard]] std::string visible(std::string_view text);

enum class Cut { end, begin };  // which side goes, marked by ".."
// At most `width` columns.
[[nodiscard]] std::string fit(std::string_view text, std::size_t width, Cut cut = Cut::end);
// Exactly `width` columns, or more where `text` has more.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width, bool right = false);
// ASCII letters in upper case.
[[nodiscard]] std::string upper(std::string_view text);

enum class Tone { plain, good, warn, bad, dim, strong };

// How a page is written. Renderers take it by value.
struct Style {
    std::size_t width = 100;
    bool colour = false;
    bool unicode = false;  // else ASCII
    [[nodiscard]] std::string paint(std::string_view text, Tone tone) const;
};

[[nodiscard]] Tone tone_of_severity(std::string_view severity) noexcept;
[[nodiscard]] Tone tone_of_verdict(std::string_view verdict) noexcept;
// Sentences at `indent`, wrapped to the style's width; never a line longer than that, whatever the words.
[[nodiscard]] std::string paragraph(std::string_view text, Style style, std::size_t indent);

}  // namespace imc::cli
