// Cuts a byte stream, however it arrives, into headers and pieces of payload. It holds at most eleven bytes: payload is
// handed on as it comes and never gathered. What it is not: a judge of frames; whoever reads decides after each header
// whether its payload may follow.
#pragma once

#include "shuttle/core/frame.hpp"

namespace shuttle::core {

class FrameReader {
public:
    enum class Kind {
        need_more,  // all bytes are used
        header,     // header() is new; of a data frame `length` bytes of payload follow
        payload,    // payload() is the next piece of header()'s payload, not empty
        bad,        // no yamux: wrong version or type; said again for ever
    };

    // Takes from the front of `bytes` what makes one step and shortens it by that.
    Kind next(Bytes& bytes) noexcept;

    [[nodiscard]] const FrameHeader& header() const noexcept { return header_; }
    [[nodiscard]] Bytes payload() const noexcept { return payload_; }            // points into the bytes given last
    [[nodiscard]] std::uint32_t payload_left() const noexcept { return left_; }  // still to come of this frame
    [[nodiscard]] bool between_frames() const noexcept { return have_ == 0 && left_ == 0; }

private:
    EncodedHeader partial_{};
    std::size_t have_ = 0;  // bytes of partial_
    std::uint32_t left_ = 0;
    FrameHeader header_;
    Bytes payload_;
    bool bad_ = false;
};

}  // namespace shuttle::core
