// Where a database's bytes come from: a block of memory, or a file that somebody opened for reading
// (agent/imagemanager/database_file.hpp). What it is not: writing, locking or waiting for others.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace imc::jet {

class Source {
public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;
    [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;  // in bytes; stays the same
    // Fills `into` from `offset`; false where that cannot be done in full. May wait for the disk.
    [[nodiscard]] virtual bool read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept = 0;
};

// `bytes` outlives it.
class MemorySource final : public Source {
public:
    explicit MemorySource(std::span<const std::uint8_t> bytes) noexcept : bytes_(bytes) {}
    [[nodiscard]] std::uint64_t size() const noexcept override { return bytes_.size(); }
    [[nodiscard]] bool read(std::uint64_t offset, std::span<std::uint8_t> into) const noexcept override {
        if (offset > bytes_.size() || into.size() > bytes_.size() - offset) return false;
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(offset), into.size(), into.begin());
        return true;
    }

private:
    std::span<const std::uint8_t> bytes_;
};

}  // namespace imc::jet
