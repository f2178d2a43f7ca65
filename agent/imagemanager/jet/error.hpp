// What can be wrong with a database file, and where: every error of this module names a kind, a page and the offset in
// that page. What it is not: an error of the operating system; a source that cannot be read gives `unreadable`, and
// whoever opened the file knows why.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace imc::jet {

enum class errc : std::uint8_t {
    unreadable,      // the source did not give the bytes that it promised
    truncated,       // a page that is referred to lies beyond the end of the file
    not_a_database,  // the file does not begin as a Jet database does
    jet3,            // Access 97 or older, which ImageManager never wrote; pages have another size
    ace,             // Access 2007 or newer (accdb)
    unknown_format,  // of the family, but a version that nobody has described
    encrypted,       // pages are encrypted with the database password (RC4)
    wrong_page,      // a page is not of the kind, or not of the table, that it should be
    bad_offset,      // an offset or a length points outside of its page, row or definition
    bad_definition,  // a table definition contradicts itself, or the catalogue lacks a column
    bad_value,       // a value has not the length that its type needs
    endless,         // pages lead round in a circle, or values claim more bytes than the file has
};
[[nodiscard]] std::string_view to_string(errc code) noexcept;  // "truncated" ...

struct Error {
    errc code = errc::unreadable;
    std::uint32_t page = 0;
    std::uint32_t offset = 0;  // in the page; in a table definition of several pages: in the whole definition
    // "the file ends too early (page 12, offset 0)"
    [[nodiscard]] std::string text() const;
    friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace imc::jet
