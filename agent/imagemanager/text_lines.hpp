// Bytes of a text file, in pieces of any size, as lines in UTF-8. What it is not: a converter for every code page; bytes that
// are no UTF-8 are Windows-1252 where the caller knows that, else they are shown as they are.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace imc::imagemanager {

// Known by the mark at a file's beginning; without one it is bytes: ASCII, UTF-8 or a code page of Windows.
enum class TextEncoding : std::uint8_t { bytes, utf8, utf16le, utf16be };
struct ByteOrderMark {
    TextEncoding encoding = TextEncoding::bytes;
    std::size_t size = 0;  // bytes of the mark
};
[[nodiscard]] ByteOrderMark find_mark(std::span<const std::uint8_t> head) noexcept;

// What a byte means that is no part of UTF-8.
enum class CodePage : std::uint8_t {
    unknown,       // U+FFFD and the byte's two hexadecimal digits
    windows_1252,  // Western; the line as a whole, then
};

// A whole text without its mark in UTF-8.
[[nodiscard]] std::string decode_text(std::string_view bytes, TextEncoding encoding, CodePage code_page);

// One line, without its end. It stays valid until the call returns.
struct TextLine {
    std::string_view text;     // UTF-8
    std::uint64_t offset = 0;  // of its first byte among all that were given
    bool cut = false;          // was longer than `longest`; the rest is left out
};

class LineSplitter {
public:
    static constexpr std::size_t longest = std::size_t{64} << 10;  // bytes of a line as it lies in the file
    using Sink = std::function<void(const TextLine&)>;

    LineSplitter(TextEncoding encoding, CodePage code_page) noexcept : encoding_(encoding), code_page_(code_page) {}

    // Whole lines go to `sink`; what comes after the last line's end is kept for the next call, at most `longest` bytes of it.
    void feed(std::span<const std::uint8_t> bytes, const Sink& sink);
    // What was kept, as a line: the text ends here. Not called where more may be written to it.
    void finish(const Sink& sink);
    // Bytes given, up to the last line's end.
    [[nodiscard]] std::uint64_t whole() const noexcept { return whole_; }
    // Inside a line that was given to `sink` already because it is too long. set_skipping() goes on there.
    [[nodiscard]] bool skipping() const noexcept { return skipping_; }
    void set_skipping(bool skipping) noexcept { skipping_ = skipping; }

private:
    [[nodiscard]] std::size_t line_end(std::string_view bytes) const noexcept;
    void deliver(std::string_view bytes, bool cut, const Sink& sink);

    TextEncoding encoding_;
    CodePage code_page_;
    bool skipping_ = false;
    std::uint64_t whole_ = 0;
    std::string kept_;
    std::string decoded_;
};

}  // namespace imc::imagemanager
