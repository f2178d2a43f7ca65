// Bytes of a page with checked little-endian reading: whatever lies outside reads as zero and is remembered, so that a
// function reads all that it needs and asks once. What it is not: a stream; every reading names its place.
#pragma once

#include "agent/imagemanager/jet/error.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace imc::jet {

using Bytes = std::span<const std::uint8_t>;

// Bytes that the caller has checked already.
[[nodiscard]] inline std::uint16_t u16(Bytes bytes, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
}
[[nodiscard]] inline std::uint32_t u32(Bytes bytes, std::size_t at) noexcept {
    return u16(bytes, at) | static_cast<std::uint32_t>(u16(bytes, at + 2)) << 16;
}

class View {
public:
    // `bytes` outlive it; they begin at `base` of `page`.
    View(Bytes bytes, std::uint32_t page, std::uint32_t base = 0) noexcept : bytes_(bytes), page_(page), base_(base) {}

    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] std::uint32_t page() const noexcept { return page_; }

    [[nodiscard]] std::uint8_t u8(std::size_t at) noexcept { return holds(at, 1) ? bytes_[at] : std::uint8_t{0}; }
    [[nodiscard]] std::uint16_t u16(std::size_t at) noexcept { return holds(at, 2) ? jet::u16(bytes_, at) : std::uint16_t{0}; }
    [[nodiscard]] std::uint32_t u32(std::size_t at) noexcept { return holds(at, 4) ? jet::u32(bytes_, at) : 0; }
    [[nodiscard]] Bytes bytes(std::size_t at, std::size_t count) noexcept { return holds(at, count) ? bytes_.subspan(at, count) : Bytes(); }

    // Whether all readings so far were inside, and else where the first one was not.
    [[nodiscard]] bool ok() const noexcept { return !outside_; }
    [[nodiscard]] Error error() const noexcept { return at(errc::bad_offset, outside_.value_or(0)); }
    [[nodiscard]] Error at(errc code, std::size_t offset) const noexcept {
        return {code, page_, base_ + static_cast<std::uint32_t>(offset)};
    }

private:
    bool holds(std::size_t at, std::size_t count) noexcept {
        if (at <= bytes_.size() && count <= bytes_.size() - at) return true;
        if (!outside_) outside_ = at;
        return false;
    }

    Bytes bytes_;
    std::uint32_t page_;
    std::uint32_t base_;
    std::optional<std::size_t> outside_;
};

}  // namespace imc::jet
