// The yamux frame header: twelve bytes, big endian. What it is not: a judge; whether a header makes sense for a stream or
// a session is decided there. Source: hashicorp/yamux spec.md and libp2p/specs yamux/README.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace shuttle::core {

using Byte = std::uint8_t;
using Bytes = std::span<const Byte>;
using StreamId = std::uint32_t;  // 0 is the session itself; odd ids are opened by the client, even ones by the server

enum class FrameType : std::uint8_t { data = 0, window_update = 1, ping = 2, go_away = 3 };

namespace flag {
inline constexpr std::uint16_t syn = 1;  // opens a stream; of a ping: the question
inline constexpr std::uint16_t ack = 2;  // takes a stream; of a ping: the answer
inline constexpr std::uint16_t fin = 4;  // the sender of the flag sends no more on the stream
inline constexpr std::uint16_t rst = 8;  // the stream is given up
}  // namespace flag

enum class GoAwayCode : std::uint32_t { normal = 0, protocol_error = 1, internal_error = 2 };

inline constexpr std::size_t header_bytes = 12;
inline constexpr std::size_t max_payload_sent = 16 * 1024;   // what we put into one frame; what we take is bounded by windows
inline constexpr std::uint32_t initial_window = 256 * 1024;  // of every stream, both ways, before any update

struct FrameHeader {
    FrameType type = FrameType::data;
    std::uint16_t flags = 0;  // unknown flags are kept and mean nothing
    StreamId stream = 0;
    std::uint32_t length = 0;  // data: bytes of payload; window update: added credit; ping: any value; go-away: GoAwayCode

    [[nodiscard]] bool has(std::uint16_t wanted) const noexcept { return (flags & wanted) != 0; }
    friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

using EncodedHeader = std::array<Byte, header_bytes>;

[[nodiscard]] EncodedHeader encode(const FrameHeader& header) noexcept;

// Nothing when the version is not 0 or the type is none of the four.
[[nodiscard]] std::optional<FrameHeader> decode(std::span<const Byte, header_bytes> bytes) noexcept;

}  // namespace shuttle::core
