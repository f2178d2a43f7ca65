// The .md5 file beside an image: what the image's bytes had as MD5 when it was written. What it is not: a proof; whoever can
// change an image can change its sidecar. hash_file.hpp computes what is compared with it.
//
// As published listings have it: the sidecar's name is the image's with another ending, so that X.spf and X.spi would share one;
// "<32 hexadecimal digits> *<image's name>" with CRLF, names with blanks; then, in some, ";<image's GUID>;<YYYY/MM/DD>".
// md5sum's own form with two blanks is read, too.
#pragma once

#include <array>
#include <boost/system/result.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imc::imagemanager {

using Md5 = std::array<std::uint8_t, 16>;
[[nodiscard]] std::string to_text(const Md5& digest);                        // 32 lower-case digits
[[nodiscard]] std::optional<Md5> parse_md5(std::string_view text) noexcept;  // 32 digits in either case
// Nothing where the name does not end as images do (.spf, .spi, .sp1 and so on).
[[nodiscard]] std::optional<std::string> sidecar_name(std::string_view image);

struct SidecarEntry {
    Md5 digest{};
    std::string name;  // UTF-8 where the file is UTF-8; never empty; as it is written, a path possibly
    friend bool operator==(const SidecarEntry&, const SidecarEntry&) = default;
};

struct Sidecar {
    std::vector<SidecarEntry> entries;  // one but for odd ones, at least one
    std::optional<std::string> guid;    // of the image; as it is written
    std::optional<std::string> date;    // "2014/05/26", as it is written
    // The entry about an image, by its name without a path in any case of ASCII letters. Null: the sidecar is about others; then
    // it says nothing about this image. Null, too, where two entries about it differ.
    [[nodiscard]] const SidecarEntry* entry_of(std::string_view image) const noexcept;
};

inline constexpr std::size_t largest_sidecar = std::size_t{64} << 10;

// errc::not_a_sidecar: no line has a digest and a name; errc::too_large. Lines of other kinds are skipped.
[[nodiscard]] boost::system::result<Sidecar> parse_sidecar(std::string_view bytes);
// The same of a file, opened without hindering anybody; also host::errc::not_a_file and the system's errors. Waits for the disk.
[[nodiscard]] boost::system::result<Sidecar> read_sidecar(const std::string& path);

}  // namespace imc::imagemanager
