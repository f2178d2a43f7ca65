#include "shuttle/core/frame_reader.hpp"

#include <algorithm>

namespace shuttle::core {

FrameReader::Kind FrameReader::next(Bytes& bytes) noexcept {
    if (bad_) return Kind::bad;
    if (bytes.empty()) return Kind::need_more;
    if (left_ > 0) {
        payload_ = bytes.first(std::min<std::size_t>(left_, bytes.size()));
        bytes = bytes.subspan(payload_.size());
        left_ -= static_cast<std::uint32_t>(payload_.size());
        return Kind::payload;
    }
    const auto piece = bytes.first(std::min(header_bytes - have_, bytes.size()));
    std::copy(piece.begin(), piece.end(), partial_.begin() + static_cast<std::ptrdiff_t>(have_));
    have_ += piece.size();
    bytes = bytes.subspan(piece.size());
    if (have_ < header_bytes) return Kind::need_more;
    const auto header = decode(partial_);
    if (!header) {
        bad_ = true;
        return Kind::bad;
    }
    have_ = 0;
    header_ = *header;
    left_ = header_.type == FrameType::data ? header_.length : 0;
    return Kind::header;
}

}  // namespace shuttle::core
