// The names ShadowProtect and ImageManager give to files, parsed totally: every string is an image,
// a companion of one, or foreign, and none is an error. What it is not: a judge. A name says nothing
// of whether the file is whole, and for a consolidation it does not say where the file begins.
//
//   image      = volume "-b" digits [ "-d" digits ] [ "-i" digits ] { "-c" letter } "." ( "spf" | "spi" | "sp" digit )
//   companion  = stem "." ( "md5" | "bitmap" | "spk" | "spwb" )        any stem
//              | image-stem [ "." image-ext ] ".tmp"                   being written
//              | image-stem [ "." image-ext ] "bad.log"                verification failures
//   image-stem = volume "-b" digits [ "-d" digits ] [ "-i" digits ] { "-c" letter }
//
// Case does not matter. Digits have any width and compare as numbers; 0 means "relies on none" and
// equals leaving the part out. The volume is everything before the last "-b" digits that lets the
// rest match, so it may hold blanks, hyphens and even "-b". An image extension on a name that does
// not follow the grammar is still an image (the vendor publishes such names), one without a place in
// any chain. Directories before the last '/' or '\' are passed over.
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

// What a name says. All views point into the string given to parse() and live as long as it.
struct Name {
    NameType type = NameType::foreign;
    bool conventional = false;             // follows the grammar: volume and base are valid
    Kind kind = Kind::full;                // images only
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

// Never throws, never allocates. Numbers above 4,294,967,295 make a name not conventional.
[[nodiscard]] Name parse(std::string_view file_name) noexcept;

// The canonical name of a conventional image: three digits at least, zero parts left out, lower-case
// tags and extension. parse(format(n)) says the same as n. Empty for everything else.
[[nodiscard]] std::string format(const Name& name);

// The words of the command line and of the API ("image", "daily", "md5" …).
[[nodiscard]] std::string_view to_string(NameType) noexcept;
[[nodiscard]] std::string_view to_string(Kind) noexcept;
[[nodiscard]] std::string_view to_string(Companion) noexcept;

}  // namespace spchain
