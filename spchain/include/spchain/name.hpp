// The names ShadowProtect and ImageManager give to files, parsed totally: every string is an image,
// a companion of one, or foreign, and none is an error. What it is not: a judge. A name says nothing
// of whether the file is whole, and for a consolidation it does not say where the file begins.
//
//   image      = image-stem "." image-ext
//   image-stem = volume "-b" digits [ "-d" digits ] [ "-i" digits ] { "-c" letter }
//   image-ext  = "spf" | "spi" | "sp" digit
//   companion  = any-stem [ "." image-ext ] "." ( "md5" | "bitmap" | "spk" | "spwb" )
//              | image-stem [ "." image-ext ] ".tmp"                              being written
//              | image-stem [ "." image-ext ] [ " " | "_" | "-" | "." ] "bad.log" verification failures
//   volume, any-stem = one or more bytes, neither '/' nor '\'
//
// Case does not matter (ASCII letters only; bytes above 127 are kept as they are). Digits have any
// width and compare as numbers; -d and -i of 0 mean "relies on none" and equal leaving the part out,
// while no base has the number 0. The volume is everything before the last "-b" digits that lets the
// rest match, so it may hold blanks, hyphens and even "-b". Directories before the last '/' or '\'
// are passed over; trailing dots and blanks are taken as written.
//
// An image extension on a name that does not follow the grammar is still an image (the vendor
// publishes such names), one without a place in any chain. So is an .spf with a differential, an
// incremental or a consolidation in its name, since a full image relies on nothing; and a name with a
// number above `largest_number`. A .tmp or bad.log of such a name is foreign: anybody may write one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spchain {

enum class NameType : std::uint8_t {
    image,      // a .spf, .spi or .sp<digit> file
    companion,  // a file that belongs to an image
    foreign,    // anything else; never an error
};

enum class Kind : std::uint8_t {
    full,          // .spf: stands alone
    differential,  // -dN: begins at the base
    incremental,   // -iN, raw
    daily,         // last token -cd
    weekly,        // last token -cw
    monthly,       // last token -cm
    rolling,       // last token -cr
    consolidated,  // last token is another -c?: what it covers is unknown
};

enum class Companion : std::uint8_t {
    md5,     // digest sidecar, mandatory for each image
    bitmap,  // helps consolidation
    spk,     // password key file
    spwb,    // write-back buffer of a mounted image
    tmp,     // still being written
    badlog,  // verification failures of a chain or image
};

inline constexpr std::uint32_t largest_number = 4'294'967'294;  // of a base, differential or incremental

// What a name says. All views point into the string given to parse() and live as long as it.
struct Name {
    NameType type = NameType::foreign;
    bool conventional = false;             // follows the grammar: volume and base are valid
    Kind kind = Kind::full;                // images only; of an unconventional one by its extension alone
    Companion companion = Companion::md5;  // companions only
    std::string_view volume;               // conventional only; as written
    std::uint32_t base = 0;                // conventional only
    std::uint32_t differential = 0;        // 0: none
    std::uint32_t incremental = 0;         // 0: none
    std::uint8_t span = 0;                 // position of a .sp<digit> member; 0: none (".sp0" is member 0 and sets spanned)
    bool spanned = false;
    std::string_view suffix;  // consolidation tokens as written, such as "-cd-cw"; empty for none
    std::string_view stem;    // images and companions: the name of the image without its extension
};

// Never throws, never allocates; O(length). Any bytes will do, invalid UTF-8 and zero bytes included.
[[nodiscard]] Name parse(std::string_view file_name) noexcept;

// The canonical name of a conventional image: three digits at least, zero parts left out, lower-case
// tags and extension; the volume as written. parse(format(n)) says the same as n, the spelling of stem
// and suffix apart. Empty for everything else.
[[nodiscard]] std::string format(const Name& name);

// The words of the command line and of the API ("image", "daily", "md5").
[[nodiscard]] std::string_view to_string(NameType) noexcept;
[[nodiscard]] std::string_view to_string(Kind) noexcept;
[[nodiscard]] std::string_view to_string(Companion) noexcept;

}  // namespace spchain
