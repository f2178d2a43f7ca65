#include "agent/config/printable.hpp"

#include <algorithm>

namespace imc::config {
namespace {

// Bytes of the well-formed character at the beginning of `text`; 0: there is none.
std::size_t character(std::string_view text) noexcept {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return lead < 0x20 || lead == 0x7f ? 0 : 1;
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
    }
    const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
    const bool beyond = (lead == 0xed && byte(1) >= 0xa0) || (lead == 0xf4 && byte(1) >= 0x90);
    const bool control = lead == 0xc2 && byte(1) < 0xa0;
    return overlong || beyond || control ? 0 : size;
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
    std::string out;
    while (!text.empty()) {
        const std::size_t size = character(text);
        const std::string_view next = size == 0 ? std::string_view("?") : text.substr(0, size);
        if (out.size() + next.size() > most) break;
        out += next;
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

}  // namespace imc::config
