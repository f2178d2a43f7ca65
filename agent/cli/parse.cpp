#include "agent/cli/parse.hpp"

#include "spchain/folder.hpp"
#include "spchain/name.hpp"

#include <charconv>
#include <istream>
#include <limits>
#include <ostream>
#include <vector>

namespace imc::cli {
namespace {

using spchain::Name;
using spchain::NameType;

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

constexpr bool is_continuation(char c) noexcept {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

struct Sequence {
    std::size_t bytes = 1;
    bool valid = false;
};

// The UTF-8 sequence at the front of a text that is not empty; of an invalid one the bytes to pass over, which are as
// many as could have begun a valid one (Unicode's "maximal subpart").
Sequence first_sequence(std::string_view text) noexcept {
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {1, true};
    if (lead < 0xC2 || lead > 0xF4) return {1, false};
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (text.size() < 2 || !is_continuation(text[1])) return {1, false};
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    const bool too_large = lead == 0xF4 && byte(1) > 0x8F;
    if (overlong || surrogate || too_large) return {1, false};
    std::size_t have = 2;
    while (have < length && have < text.size() && is_continuation(text[have])) ++have;
    return {have, have == length};
}

bool is_plain(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char c) {
    static constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        out += '\\';
        out += c;
    } else if (byte < 0x20) {
        out += "\\u00";
        out += hex[byte >> 4U];
        out += hex[byte & 0x0FU];
    } else {
        out += c;
    }
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && is_plain(text[plain])) ++plain;
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const Sequence sequence = first_sequence(text);
        if (!sequence.valid) {
            out += replacement;
        } else if (sequence.bytes == 1) {
            append_escaped(out, text.front());
        } else {
            out += text.substr(0, sequence.bytes);
        }
        text.remove_prefix(sequence.bytes);
    }
    out += '"';
}

void append_number(std::string& out, std::uint32_t number) {
    char digits[10];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

// `key` with all that stands before the value: comma, quotes and colon.
void append_member(std::string& out, std::string_view key, std::string_view word) {
    out += key;
    out += '"';
    out += word;
    out += '"';
}

void append_tokens(std::string& out, std::string_view suffix) {
    out += ",\"consolidations\":[";
    for (std::size_t i = 0; i + 2 < suffix.size(); i += 3) {
        if (i != 0) out += ',';
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
        const char token[] = {'"', lower(suffix[i + 1]), lower(suffix[i + 2]), '"'};
        out.append(token, sizeof token);
    }
    out += ']';
}

void append_place(std::string& out, const Name& name) {
    out += ",\"volume\":";
    append_json_string(out, name.volume);
    out += ",\"base\":";
    append_number(out, name.base);
    if (name.differential != 0) append_number(out += ",\"differential\":", name.differential);
    if (name.incremental != 0) append_number(out += ",\"incremental\":", name.incremental);
}

// Text for a terminal: nothing in it moves the cursor. Returns how many characters it has.
std::size_t append_visible(std::string& out, std::string_view text) {
    std::size_t characters = 0;
    for (; !text.empty(); ++characters) {
        const Sequence sequence = first_sequence(text);
        const auto byte = static_cast<unsigned char>(text.front());
        const bool c0 = byte < 0x20 || byte == 0x7F;
        const bool c1 = byte == 0xC2 && sequence.valid && static_cast<unsigned char>(text[1]) < 0xA0;
        out += sequence.valid && !c0 && !c1 ? text.substr(0, sequence.bytes) : replacement;
        text.remove_prefix(sequence.bytes);
    }
    return characters;
}

void append_column(std::string& out, std::string_view text, std::size_t width) {
    const std::size_t used = append_visible(out, text);
    out.append(used < width ? width - used : 0, ' ');
    out += "  ";
}

Name meaning(std::string_view name, bool truncated) noexcept {
    return truncated ? Name{} : spchain::parse(name);
}

// Of a name that was cut off, without the half character at its end.
std::string_view whole_characters(std::string_view text) noexcept {
    for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
        const std::string_view last = text.substr(text.size() - back);
        if (is_continuation(last.front())) continue;
        const Sequence sequence = first_sequence(last);
        const bool cut = !sequence.valid && sequence.bytes == back && static_cast<unsigned char>(last.front()) >= 0xC2;
        return cut ? text.substr(0, text.size() - back) : text;
    }
    return text;
}

// Lines of a stream, none longer than longest_name.
class Lines {
public:
    explicit Lines(std::istream& in) : in_(in), buffer_(longest_name + 8) {}  // byte order mark, name, "\r", one too many, '\0'

    bool next() {
        in_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        auto length = static_cast<std::size_t>(in_.gcount());
        if (length == 0 || in_.bad()) return false;
        if (in_.fail()) {  // the buffer is full and the line goes on
            in_.clear();
            skip_line();
        } else if (!in_.eof()) {
            --length;  // the line's end, which getline counts and does not store
        }
        line_ = std::string_view(buffer_.data(), length);
        if (line_.ends_with('\r')) line_.remove_suffix(1);
        if (first_ && line_.starts_with("\xEF\xBB\xBF")) line_.remove_prefix(3);
        first_ = false;
        truncated_ = line_.size() > longest_name;
        if (truncated_) line_ = whole_characters(line_.substr(0, longest_name));
        return true;
    }

    [[nodiscard]] std::string_view line() const noexcept { return line_; }
    [[nodiscard]] bool truncated() const noexcept { return truncated_; }

private:
    void skip_line() { in_.ignore(std::numeric_limits<std::streamsize>::max(), '\n'); }

    std::istream& in_;
    std::vector<char> buffer_;
    std::string_view line_;
    bool truncated_ = false;
    bool first_ = true;
};

}  // namespace

void append_json_line(std::string& out, std::string_view text, bool truncated) {
    const Name name = meaning(text, truncated);
    append_json_string(out += "{\"name\":", text);
    append_member(out, ",\"type\":", to_string(name.type));
    if (name.conventional) append_place(out, name);
    if (name.type == NameType::image) append_member(out, ",\"kind\":", to_string(name.kind));
    if (!name.suffix.empty()) append_tokens(out, name.suffix);
    if (name.spanned) append_number(out += ",\"span\":", name.span);
    if (name.type == NameType::companion) append_member(out, ",\"companion\":", to_string(name.companion));
    if (name.type != NameType::foreign) append_json_string(out += ",\"stem\":", name.stem);
    out += "}\n";
}

void append_readable_line(std::string& out, std::string_view text, bool truncated) {
    const Name name = meaning(text, truncated);
    const auto what = name.type == NameType::image       ? to_string(name.kind)
                      : name.type == NameType::companion ? to_string(name.companion)
                                                         : std::string_view("-");
    const std::string point = name.conventional ? spchain::to_string(name.base, {name.differential, name.incremental}) : "-";
    append_column(out, to_string(name.type), 9);
    append_column(out, what, 12);
    append_column(out, point, 14);
    append_column(out, name.conventional ? name.volume : "-", 12);
    append_visible(out, text);
    out += truncated ? "...\n" : "\n";
}

int parse_names(std::istream& in, std::ostream& out, bool json) {
    constexpr std::size_t enough = 64 * 1024;
    if (in.fail()) return 1;
    std::string text;
    Lines lines(in);
    while (out && lines.next()) {
        if (json) {
            append_json_line(text, lines.line(), lines.truncated());
        } else {
            append_readable_line(text, lines.line(), lines.truncated());
        }
        const bool idle = in.rdbuf()->in_avail() <= 0;
        if (!idle && text.size() < enough) continue;
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        if (idle) out.flush();
        text.clear();
    }
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.flush();
    return out && !in.bad() ? 0 : 1;
}

}  // namespace imc::cli
