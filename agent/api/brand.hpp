// The service provider's own colour on the local page: what can be read on it, and the rules that say so to the browser.
// What it is not: a check of the configuration; a colour comes here as "#rrggbb" or empty. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace imc::api {

// WCAG 2's relative luminance, 0 black to 1 white. What is no "#rrggbb" is black.
[[nodiscard]] double luminance(std::string_view color) noexcept;
// Black or white, whichever stands out more.
[[nodiscard]] std::string_view text_on(std::string_view color) noexcept;
// A style sheet; without a colour it says nothing and the page's own holds.
[[nodiscard]] std::string brand_style(std::string_view color);
// Text as it may stand in HTML, in an attribute's quotes, too.
[[nodiscard]] std::string html_text(std::string_view text);

}  // namespace imc::api
