#include "shuttle/core/byte_queue.hpp"

#include <algorithm>

namespace shuttle::core {
namespace {

constexpr std::size_t smallest = 1024;
constexpr std::size_t worth_keeping = 16 * 1024;  // an empty queue keeps no more than this, so that bulk is not all allocation

}  // namespace

std::size_t ByteQueue::append(Bytes bytes, std::size_t limit) {
    const auto room = limit > size_ ? limit - size_ : 0;
    bytes = bytes.first(std::min(room, bytes.size()));
    if (bytes.empty()) return 0;
    if (size_ + bytes.size() > ring_.size()) grow(size_ + bytes.size(), limit);
    const auto end = (start_ + size_) % ring_.size();
    const auto first = std::min(bytes.size(), ring_.size() - end);
    std::copy_n(bytes.begin(), first, ring_.begin() + static_cast<std::ptrdiff_t>(end));
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(first), bytes.end(), ring_.begin());
    size_ += bytes.size();
    return bytes.size();
}

std::size_t ByteQueue::take(std::span<Byte> target) noexcept {
    std::size_t taken = 0;
    while (taken < target.size() && size_ > 0) {
        const auto piece = front().first(std::min(front().size(), target.size() - taken));
        std::copy(piece.begin(), piece.end(), target.begin() + static_cast<std::ptrdiff_t>(taken));
        taken += piece.size();
        drop(piece.size());
    }
    return taken;
}

std::size_t ByteQueue::take_to(std::vector<Byte>& target, std::size_t count) {
    std::size_t taken = 0;
    while (taken < count && size_ > 0) {
        const auto piece = front().first(std::min(front().size(), count - taken));
        target.insert(target.end(), piece.begin(), piece.end());
        taken += piece.size();
        drop(piece.size());
    }
    return taken;
}

void ByteQueue::clear() noexcept {
    ring_ = {};
    start_ = size_ = 0;
}

Bytes ByteQueue::front() const noexcept {
    return Bytes(ring_).subspan(start_, std::min(size_, ring_.size() - start_));
}

void ByteQueue::drop(std::size_t count) noexcept {
    size_ -= count;
    start_ = (start_ + count) % ring_.size();
    if (size_ > 0) return;
    start_ = 0;
    if (ring_.size() > worth_keeping) ring_ = {};
}

void ByteQueue::grow(std::size_t wanted, std::size_t limit) {
    const auto doubled = std::max({smallest, 2 * ring_.size(), wanted});
    std::vector<Byte> larger;
    larger.reserve(std::max(wanted, std::min(doubled, limit)));
    while (size_ > 0) {
        const auto piece = front();
        larger.insert(larger.end(), piece.begin(), piece.end());
        size_ -= piece.size();
        start_ = (start_ + piece.size()) % ring_.size();
    }
    size_ = larger.size();
    start_ = 0;
    larger.resize(larger.capacity());
    ring_ = std::move(larger);
}

}  // namespace shuttle::core
