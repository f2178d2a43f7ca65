#include "spchain/name.hpp"

#include "spchain/ascii.hpp"

namespace spchain {
namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) noexcept {
    return ascii::lower(c) >= 'a' && ascii::lower(c) <= 'z';
}

// `ending` is in lower case.
constexpr bool ends_with(std::string_view text, std::string_view ending) noexcept {
    if (text.size() < ending.size()) return false;
    const std::string_view end = text.substr(text.size() - ending.size());
    for (std::size_t i = 0; i < ending.size(); ++i) {
        if (ascii::lower(end[i]) != ending[i]) return false;
    }
    return true;
}

std::string_view last_component(std::string_view path) noexcept {
    std::size_t begin = path.size();
    while (begin > 0 && path[begin - 1] != '/' && path[begin - 1] != '\\') --begin;
    return path.substr(begin);
}

constexpr std::size_t image_extension_size = 4;

// 'f', 'i' or the digit of ".spf", ".spi", ".sp0" to ".sp9"; '\0' where there is no such extension.
char image_extension(std::string_view name) noexcept {
    if (name.size() < image_extension_size) return '\0';
    const std::string_view end = name.substr(name.size() - image_extension_size);
    if (end[0] != '.' || ascii::lower(end[1]) != 's' || ascii::lower(end[2]) != 'p') return '\0';
    const char last = ascii::lower(end[3]);
    return last == 'f' || last == 'i' || is_digit(last) ? last : '\0';
}

std::size_t length_without_tokens(std::string_view stem) noexcept {
    std::size_t length = stem.size();
    while (length >= 3 && stem[length - 3] == '-' && ascii::lower(stem[length - 2]) == 'c' && is_letter(stem[length - 1])) length -= 3;
    return length;
}

// A "-<tag><digits>" taken off the end of a text.
struct Part {
    char tag = '\0';  // '\0': the text does not end so, or the number is too large
    std::uint32_t number = 0;
    std::size_t begin = 0;  // of its hyphen
};

Part last_part(std::string_view text) noexcept {
    std::size_t first = text.size();
    while (first > 0 && is_digit(text[first - 1])) --first;
    if (first == text.size() || first < 2 || text[first - 2] != '-') return {};
    std::uint64_t number = 0;
    for (std::size_t i = first; i < text.size(); ++i) {
        number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
        if (number > largest_number) return {};
    }
    return {ascii::lower(text[first - 1]), static_cast<std::uint32_t>(number), first - 2};
}

// Read from the end, where each part is unambiguous; what is left before "-b" is the volume, whatever it holds.
// Fills volume, numbers and suffix and returns true, or leaves `name` alone.
bool read_image_stem(std::string_view stem, Name& name) noexcept {
    std::string_view rest = stem.substr(0, length_without_tokens(stem));
    const std::string_view suffix = stem.substr(rest.size());
    std::uint32_t differential = 0;
    std::uint32_t incremental = 0;
    Part part = last_part(rest);
    if (part.tag == 'i') {
        incremental = part.number;
        part = last_part(rest = rest.substr(0, part.begin));
    }
    if (part.tag == 'd') {
        differential = part.number;
        part = last_part(rest = rest.substr(0, part.begin));
    }
    if (part.tag != 'b' || part.number == 0 || part.begin == 0) return false;
    name.volume = rest.substr(0, part.begin);
    name.base = part.number;
    name.differential = differential;
    name.incremental = incremental;
    name.suffix = suffix;
    return true;
}

bool relies_on_nothing(const Name& name) noexcept {
    return name.differential == 0 && name.incremental == 0 && name.suffix.empty();
}

// Reads the stem of an image with this extension ('\0': unknown) and says whether the two agree.
bool read_parts(std::string_view stem, char extension, Name& name) noexcept {
    Name parts = name;
    if (!read_image_stem(stem, parts) || (extension == 'f' && !relies_on_nothing(parts))) return false;
    name = parts;
    name.conventional = true;
    return true;
}

Kind kind_of(const Name& name, char extension) noexcept {
    if (!name.suffix.empty()) {
        switch (ascii::lower(name.suffix.back())) {
            case 'd':
                return Kind::daily;
            case 'w':
                return Kind::weekly;
            case 'm':
                return Kind::monthly;
            case 'r':
                return Kind::rolling;
            default:
                return Kind::consolidated;
        }
    }
    if (name.incremental != 0) return Kind::incremental;
    if (name.differential != 0) return Kind::differential;
    return extension == 'i' ? Kind::incremental : Kind::full;
}

Name image(std::string_view file, char extension) noexcept {
    Name name;
    const std::string_view stem = file.substr(0, file.size() - image_extension_size);
    if (stem.empty()) return name;
    name.type = NameType::image;
    name.stem = stem;
    if (is_digit(extension)) {
        name.spanned = true;
        name.span = static_cast<std::uint8_t>(extension - '0');
    }
    read_parts(stem, extension, name);
    name.kind = kind_of(name, extension);
    return name;
}

// `owner` is the name before the companion's own ending: an image's stem, or its whole name.
Name companion(std::string_view owner, Companion which, bool any_stem) noexcept {
    const char extension = image_extension(owner);
    const std::string_view stem = extension == '\0' ? owner : owner.substr(0, owner.size() - image_extension_size);
    if (stem.empty()) return {};
    Name name;
    name.type = NameType::companion;
    name.companion = which;
    name.stem = stem;
    if (!read_parts(stem, extension, name) && !any_stem) return {};
    return name;
}

Name bad_log(std::string_view owner) noexcept {
    // No stem and no extension of an image ends in one of these, so taking one off is never wrong.
    if (!owner.empty() && std::string_view(" _-.").find(owner.back()) != std::string_view::npos) owner.remove_suffix(1);
    return companion(owner, Companion::badlog, false);
}

void append_part(std::string& text, std::string_view tag, std::uint32_t number) {
    const std::string digits = std::to_string(number);
    text += tag;
    if (digits.size() < 3) text.append(3 - digits.size(), '0');
    text += digits;
}

}  // namespace

Name parse(std::string_view file_name) noexcept {
    struct Ending {
        std::string_view text;
        Companion companion;
        bool any_stem;
    };
    static constexpr Ending endings[] = {
        {".md5", Companion::md5, true},   {".bitmap", Companion::bitmap, true}, {".spk", Companion::spk, true},
        {".spwb", Companion::spwb, true}, {".tmp", Companion::tmp, false},
    };
    const std::string_view file = last_component(file_name);
    if (const char extension = image_extension(file); extension != '\0') return image(file, extension);
    for (const Ending& ending : endings) {
        if (ends_with(file, ending.text)) {
            return companion(file.substr(0, file.size() - ending.text.size()), ending.companion, ending.any_stem);
        }
    }
    constexpr std::string_view bad_log_ending = "bad.log";
    if (ends_with(file, bad_log_ending)) return bad_log(file.substr(0, file.size() - bad_log_ending.size()));
    return {};
}

std::string format(const Name& name) {
    if (name.type != NameType::image || !name.conventional) return {};
    std::string text(name.volume);
    append_part(text, "-b", name.base);
    if (name.differential != 0) append_part(text, "-d", name.differential);
    if (name.incremental != 0) append_part(text, "-i", name.incremental);
    for (const char c : name.suffix) text += ascii::lower(c);
    text += ".sp";
    if (name.spanned) {
        text += static_cast<char>('0' + name.span % 10);
    } else {
        text += name.kind == Kind::full ? 'f' : 'i';
    }
    return text;
}

}  // namespace spchain
