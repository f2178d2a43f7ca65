// Pieces of SVG as text: numbers, rectangles as paths, escaped words. Internal to the printer. What it is not: a writer of
// XML in general.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace imc::picture {

// One decimal at most, rounded: "12", "12.5", "-0.1".
void put(std::string& out, double number);
// "Mx yhwvhh-wz"; a bar of a path.
void put_bar(std::string& out, double x, double y, double width, double height);
[[nodiscard]] std::string number_text(double number);

// For text and double-quoted attributes. What XML does not allow becomes U+FFFD.
[[nodiscard]] std::string xml(std::string_view text);

// ' name="value"', for numbers.
[[nodiscard]] std::string attribute(std::string_view name, double value);

// "1,234,567"
[[nodiscard]] std::string grouped(std::size_t number);

}  // namespace imc::picture
