// A queue of bytes with a limit: a ring that grows as it is filled and gives its memory back when it is empty. What it is
// not: a place to wait; what does not fit is not taken.
#pragma once

#include "shuttle/core/frame.hpp"

#include <vector>

namespace shuttle::core {

class ByteQueue {
public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t capacity() const noexcept { return ring_.size(); }  // memory held, in bytes

    // Appends as much of `bytes` as keeps the size at or below `limit`; the number taken. May throw std::bad_alloc.
    std::size_t append(Bytes bytes, std::size_t limit);
    // Moves up to `target.size()` bytes out; the number moved.
    std::size_t take(std::span<Byte> target) noexcept;
    // Moves up to `count` bytes out to the end of `target`; the number moved.
    std::size_t take_to(std::vector<Byte>& target, std::size_t count);
    void clear() noexcept;

private:
    [[nodiscard]] Bytes front() const noexcept;  // the first piece that lies in one
    void drop(std::size_t count) noexcept;
    void grow(std::size_t wanted, std::size_t limit);

    std::vector<Byte> ring_;
    std::size_t start_ = 0;
    std::size_t size_ = 0;
};

}  // namespace shuttle::core
