// Months as ImageManager's logs write them: abbreviated in the language of its computer ("Jan", "janv.", "Mrz"). What it is
// not: a guess; a name that is in no table here is no month. Internal to the module.
//
// English and French are what a published monitor of these logs knows. German, Spanish, Italian, Portuguese, Dutch, Danish,
// Swedish and Norwegian are the abbreviations of Windows, as .NET has them (published with jQuery's Globalize 0.1), and those
// of CLDR, which newer systems use. No two of these languages mean different months by one name. Languages that write months
// as numbers are left out: nobody has published such a log.
#pragma once

#include <string_view>

namespace imc::imagemanager {

// 1 to 12, 0: unknown. `name` is UTF-8 as decode_line() gives it; ASCII letters match in either case, a point at its end is
// not looked at. A letter that is no UTF-8 is understood as Windows' Western code page has it: no other word fits then.
[[nodiscard]] int month_of(std::string_view name) noexcept;

}  // namespace imc::imagemanager
