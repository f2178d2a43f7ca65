#include "agent/imagemanager/jet/text.hpp"

namespace imc::jet {
namespace {

constexpr char32_t replacement = 0xFFFD;

class Utf8 {
public:
    void unit(std::uint16_t unit) {
        const bool low = unit >= 0xDC00 && unit < 0xE000;
        if (high_ != 0) {
            const char32_t high = high_;
            high_ = 0;
            if (low) return put(0x10000 + ((high - 0xD800) << 10) + (char32_t{unit} - 0xDC00));
            put(replacement);
        }
        if (unit >= 0xD800 && unit < 0xDC00) {
            high_ = unit;
        } else {
            put(low ? replacement : char32_t{unit});
        }
    }
    void broken() { unit(static_cast<std::uint16_t>(replacement)); }
    [[nodiscard]] std::string take() {
        if (high_ != 0) put(replacement);
        return std::move(text_);
    }
    void reserve(std::size_t bytes) { text_.reserve(bytes); }

private:
    void put(char32_t c) {
        const auto byte = [this](char32_t value) { text_ += static_cast<char>(static_cast<unsigned char>(value)); };
        if (c < 0x80) {
            byte(c);
        } else if (c < 0x800) {
            byte(0xC0 | c >> 6);
            byte(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            byte(0xE0 | c >> 12);
            byte(0x80 | (c >> 6 & 0x3F));
            byte(0x80 | (c & 0x3F));
        } else {
            byte(0xF0 | c >> 18);
            byte(0x80 | (c >> 12 & 0x3F));
            byte(0x80 | (c >> 6 & 0x3F));
            byte(0x80 | (c & 0x3F));
        }
    }

    std::string text_;
    char32_t high_ = 0;  // a high surrogate that waits for its partner
};

}  // namespace

std::string utf8_of(Bytes bytes) {
    Utf8 text;
    const bool compressed = bytes.size() >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE;
    text.reserve(compressed ? bytes.size() : bytes.size() / 2);
    bool narrow = compressed;
    for (std::size_t at = compressed ? 2 : 0; at < bytes.size();) {
        if (compressed && bytes[at] == 0) {
            narrow = !narrow;
            ++at;
        } else if (narrow) {
            text.unit(bytes[at++]);
        } else if (bytes.size() - at >= 2) {
            text.unit(u16(bytes, at));
            at += 2;
        } else {
            text.broken();
            break;
        }
    }
    return text.take();
}

}  // namespace imc::jet
