#include "agent/imagemanager/text_lines.hpp"

#include "agent/scan/utf8.hpp"

#include <algorithm>
#include <array>

namespace imc::imagemanager {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// 0x80 to 0x9F of Windows-1252 (Unicode's MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT); 0: not assigned.
constexpr std::array<char16_t, 32> upper_control = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                                    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::string from_windows_1252(std::string_view bytes) {
    std::u16string units;
    units.reserve(bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        const char16_t special = byte >= 0x80 && byte < 0xA0 ? upper_control[byte - 0x80U] : char16_t{byte};
        units.push_back(special != 0 || byte == 0 ? special : u'\uFFFD');
    }
    return scan::utf8_from_utf16(units);
}

std::string from_utf16(std::string_view bytes, bool big) {
    std::u16string units;
    units.reserve(bytes.size() / 2);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        const auto first = static_cast<unsigned char>(bytes[i]);
        const auto second = static_cast<unsigned char>(bytes[i + 1]);
        units.push_back(static_cast<char16_t>(big ? first << 8U | second : second << 8U | first));
    }
    auto text = scan::utf8_from_utf16(units);
    if (bytes.size() % 2 != 0) text += scan::replacement;
    return text;
}

bool is_ascii(std::string_view bytes) noexcept {
    unsigned char all = 0;
    for (const char c : bytes) all = static_cast<unsigned char>(all | static_cast<unsigned char>(c));
    return all < 0x80;
}

bool is_wide(TextEncoding encoding) noexcept {
    return encoding == TextEncoding::utf16le || encoding == TextEncoding::utf16be;
}

// Not through the middle of a character.
std::string_view cut_off(std::string_view bytes, std::size_t length, bool wide) noexcept {
    const auto continues = [bytes](std::size_t at) { return (static_cast<unsigned char>(bytes[at]) & 0xC0U) == 0x80U; };
    for (std::size_t back = 0; !wide && back < 3 && continues(length); ++back) --length;
    return bytes.substr(0, length);
}

}  // namespace

ByteOrderMark find_mark(std::span<const std::uint8_t> head) noexcept {
    if (head.size() >= 3 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF) return {TextEncoding::utf8, 3};
    if (head.size() >= 2 && head[0] == 0xFF && head[1] == 0xFE) return {TextEncoding::utf16le, 2};
    if (head.size() >= 2 && head[0] == 0xFE && head[1] == 0xFF) return {TextEncoding::utf16be, 2};
    return {};
}

std::string decode_text(std::string_view bytes, TextEncoding encoding, CodePage code_page) {
    if (is_wide(encoding)) return from_utf16(bytes, encoding == TextEncoding::utf16be);
    auto text = scan::valid_utf8(bytes);
    if (encoding == TextEncoding::bytes && code_page == CodePage::windows_1252 && text != bytes) return from_windows_1252(bytes);
    return text;
}

// Where the line's end begins, npos: not here.
std::size_t LineSplitter::line_end(std::string_view bytes) const noexcept {
    if (!is_wide(encoding_)) return bytes.find('\n');
    const std::string_view end = encoding_ == TextEncoding::utf16le ? std::string_view("\n\0", 2) : std::string_view("\0\n", 2);
    auto at = bytes.find(end);
    while (at != npos && at % 2 != 0) at = bytes.find(end, at + 1);
    return at;
}

void LineSplitter::deliver(std::string_view bytes, bool cut, const Sink& sink) {
    TextLine line{bytes, whole_, cut};
    if (is_wide(encoding_) || !is_ascii(bytes)) {
        decoded_ = decode_text(bytes, encoding_, code_page_);
        line.text = decoded_;
    }
    while (line.text.ends_with('\r')) line.text.remove_suffix(1);
    sink(line);
}

void LineSplitter::feed(std::span<const std::uint8_t> bytes, const Sink& sink) {
    const std::size_t newline = is_wide(encoding_) ? 2 : 1;
    std::string joined;
    std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!kept_.empty()) {
        joined = std::move(kept_);
        kept_.clear();
        joined.append(rest);
        rest = joined;
    }
    for (;;) {
        const auto end = line_end(rest);
        const auto length = end == npos ? rest.size() : end;
        if (!skipping_ && length > longest) {
            deliver(cut_off(rest, longest, is_wide(encoding_)), true, sink);
            skipping_ = true;
        } else if (!skipping_ && end != npos) {
            deliver(rest.substr(0, end), false, sink);
        }
        if (end == npos) break;
        skipping_ = false;
        whole_ += end + newline;
        rest.remove_prefix(end + newline);
    }
    if (skipping_) {
        // The line's end may be half here.
        const auto odd = is_wide(encoding_) ? rest.size() % 2 : 0;
        whole_ += rest.size() - odd;
        rest.remove_prefix(rest.size() - odd);
    }
    kept_ = rest;
}

void LineSplitter::finish(const Sink& sink) {
    if (!skipping_ && !kept_.empty()) deliver(kept_, false, sink);
    whole_ += kept_.size();
    kept_.clear();
    skipping_ = false;
}

}  // namespace imc::imagemanager
