// Names as disks give them, made valid UTF-8. For agent/scan and the modules above it. What it is not: a normaliser; composed and
// decomposed letters stay as they are.
#pragma once

#include <string>
#include <string_view>

namespace imc::scan {

// A byte that is no part of valid UTF-8 becomes U+FFFD and its two hexadecimal digits: different names stay different.
[[nodiscard]] std::string valid_utf8(std::string_view bytes);
// A lone surrogate becomes U+FFFD and its four hexadecimal digits.
[[nodiscard]] std::string utf8_from_utf16(std::u16string_view units);
// For handing a path back to Windows. What is no valid UTF-8 becomes U+FFFD.
[[nodiscard]] std::u16string utf16_from_utf8(std::string_view text);

inline constexpr std::string_view replacement = "\xEF\xBF\xBD";

}  // namespace imc::scan
