// The version that a Windows program carries, read without the system, so that it is told wherever the file lies.
//
// VS_VERSIONINFO, as Microsoft documents it: length (2), length of the value (2), type (2), "VS_VERSION_INFO" in UTF-16, then
// at the next multiple of four VS_FIXEDFILEINFO (signature FEEF04BD, structure version, file version, product version ...) and
// the strings: each length, length of the value in characters, type, name and zero, at a multiple of four the value.
#include "agent/imagemanager/installation.hpp"
#include "agent/imagemanager/shared_file.hpp"

#include <algorithm>
#include <array>

namespace imc::imagemanager {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;
constexpr std::size_t chunk_bytes = std::size_t{1} << 20;
constexpr std::size_t overlap_bytes = std::size_t{64} << 10;  // a version resource is smaller
constexpr std::size_t longest_version = 64;

std::uint32_t number(Octets bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8U | bytes[at + i];
    return value;
}

std::size_t find(Octets bytes, std::string_view text) {
    std::vector<std::uint8_t> wide;
    for (const char c : text) {
        wide.push_back(static_cast<std::uint8_t>(c));
        wide.push_back(0);
    }
    wide.insert(wide.end(), 2, 0);
    const auto at = std::search(bytes.begin(), bytes.end(), wide.begin(), wide.end());
    return at == bytes.end() ? Octets::size_type(-1) : static_cast<std::size_t>(at - bytes.begin());
}

std::optional<std::string> text_version(Octets resource) {
    constexpr std::string_view name = "ProductVersion";
    const std::size_t at = find(resource, name);
    if (at == Octets::size_type(-1)) return std::nullopt;
    std::string version;
    std::size_t next = (at + 2 * (name.size() + 1) + 3) / 4 * 4;
    for (; next + 2 <= resource.size() && version.size() < longest_version; next += 2) {
        const std::uint32_t unit = number(resource, next, 2);
        if (unit == 0) break;
        if (unit < 0x20 || unit > 0x7e) return std::nullopt;
        version.push_back(static_cast<char>(unit));
    }
    while (!version.empty() && version.back() == ' ') version.pop_back();
    return version.empty() ? std::nullopt : std::optional(version);
}

std::optional<std::string> number_version(Octets resource) {
    constexpr std::array<std::uint8_t, 8> signature{0xBD, 0x04, 0xEF, 0xFE, 0, 0, 1, 0};
    const auto at = std::search(resource.begin(), resource.end(), signature.begin(), signature.end());
    const auto offset = static_cast<std::size_t>(at - resource.begin());
    if (offset + 24 > resource.size()) return std::nullopt;
    const std::uint32_t high = number(resource, offset + 16, 4);
    const std::uint32_t low = number(resource, offset + 20, 4);
    return std::to_string(high >> 16U) + "." + std::to_string(high & 0xFFFFU) + "." + std::to_string(low >> 16U) + "." +
           std::to_string(low & 0xFFFFU);
}

}  // namespace

std::optional<std::string> product_version(Octets piece) {
    constexpr std::size_t before_name = 6;
    for (;;) {
        const std::size_t at = find(piece, "VS_VERSION_INFO");
        if (at == Octets::size_type(-1)) return std::nullopt;
        if (at >= before_name) {
            const std::size_t begin = at - before_name;
            const std::size_t length = std::min<std::size_t>(number(piece, begin, 2), piece.size() - begin);
            const Octets resource = piece.subspan(begin, length);
            if (auto version = text_version(resource)) return version;
            if (auto version = number_version(resource)) return version;
        }
        piece = piece.subspan(at + 2);
    }
}

std::optional<std::string> version_of_program(const std::string& path) {
    const auto file = SharedFile::open(path);
    if (!file) return std::nullopt;
    std::vector<std::uint8_t> buffer(chunk_bytes);
    for (std::uint64_t offset = 0; offset < most_bytes; offset += chunk_bytes - overlap_bytes) {
        const auto got = file->read(offset, buffer);
        if (!got) return std::nullopt;
        const Octets piece(buffer.data(), *got);
        const bool last = *got < buffer.size();
        // One that begins in the overlap is whole in the next piece.
        const std::size_t at = find(piece, "VS_VERSION_INFO");
        if (at != Octets::size_type(-1) && (last || at + overlap_bytes < piece.size() + 64)) {
            if (auto version = product_version(piece)) return version;
        }
        if (last) return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace imc::imagemanager
