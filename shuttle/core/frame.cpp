#include "shuttle/core/frame.hpp"

namespace shuttle::core {
namespace {

constexpr Byte version = 0;

constexpr Byte byte_of(std::uint32_t value, int shift) noexcept {
    return static_cast<Byte>(value >> shift);
}

constexpr std::uint32_t read_u32(const Byte* at) noexcept {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | std::uint32_t{at[3]};
}

}  // namespace

EncodedHeader encode(const FrameHeader& h) noexcept {
    return {version,
            static_cast<Byte>(h.type),
            byte_of(h.flags, 8),
            byte_of(h.flags, 0),
            byte_of(h.stream, 24),
            byte_of(h.stream, 16),
            byte_of(h.stream, 8),
            byte_of(h.stream, 0),
            byte_of(h.length, 24),
            byte_of(h.length, 16),
            byte_of(h.length, 8),
            byte_of(h.length, 0)};
}

std::optional<FrameHeader> decode(std::span<const Byte, header_bytes> bytes) noexcept {
    if (bytes[0] != version || bytes[1] > static_cast<Byte>(FrameType::go_away)) return std::nullopt;
    FrameHeader header;
    header.type = static_cast<FrameType>(bytes[1]);
    header.flags = static_cast<std::uint16_t>(bytes[2] << 8 | bytes[3]);
    header.stream = read_u32(bytes.data() + 4);
    header.length = read_u32(bytes.data() + 8);
    return header;
}

}  // namespace shuttle::core
