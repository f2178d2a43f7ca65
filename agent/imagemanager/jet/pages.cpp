#include "agent/imagemanager/jet/pages.hpp"

namespace imc::jet {
namespace {

constexpr std::size_t row_count_at = 12;
constexpr std::size_t offsets_at = 14;
constexpr std::uint16_t offset_mask = 0x1FFF;
constexpr std::uint16_t skipped_flag = 0x8000;
constexpr std::uint16_t moved_flag = 0x4000;

}  // namespace

Result<void> Pages::read(std::uint32_t number, Page& into) const {
    if (number >= count()) return Error{errc::truncated, number, 0};
    if (!source_->read(std::uint64_t{number} * page_size, into)) return Error{errc::unreadable, number, 0};
    return {};
}

Result<void> DataPage::read(const Pages& pages, std::uint32_t number) {
    if (const auto got = pages.read(number, bytes_); !got) return got.error();
    return accept(number);
}

Result<void> DataPage::accept(std::uint32_t number) {
    number_ = number;
    rows_ = 0;
    if (bytes_[0] != static_cast<std::uint8_t>(PageKind::data)) return Error{errc::wrong_page, number, 0};
    const std::uint32_t rows = u16(bytes_, row_count_at);
    if (offsets_at + 2 * rows > page_size) return Error{errc::bad_offset, number, row_count_at};
    rows_ = rows;
    return {};
}

Result<Slot> DataPage::slot(std::uint32_t row) const {
    const std::size_t at = offsets_at + std::size_t{2} * row;
    if (row >= rows_) return Error{errc::bad_offset, number_, static_cast<std::uint32_t>(at)};
    const std::uint16_t word = u16(bytes_, at);
    Slot slot;
    slot.begin = word & offset_mask;
    slot.end = row == 0 ? static_cast<std::uint16_t>(page_size) : static_cast<std::uint16_t>(u16(bytes_, at - 2) & offset_mask);
    slot.skipped = (word & skipped_flag) != 0;
    slot.moved = (word & moved_flag) != 0;
    if (slot.begin > slot.end || slot.end > page_size || slot.begin < offsets_at + 2 * rows_) {
        return Error{errc::bad_offset, number_, static_cast<std::uint32_t>(at)};
    }
    return slot;
}

View DataPage::view(const Slot& slot) const noexcept {
    return {Bytes(bytes_).subspan(slot.begin, static_cast<std::size_t>(slot.end - slot.begin)), number_, slot.begin};
}

}  // namespace imc::jet
