#include "agent/imagemanager/sidecar.hpp"

#include "agent/imagemanager/errors.hpp"
#include "agent/imagemanager/shared_file.hpp"
#include "agent/imagemanager/text_lines.hpp"
#include "spchain/ascii.hpp"

#include <algorithm>

namespace imc::imagemanager {
namespace {

namespace ascii = spchain::ascii;

using boost::system::result;

constexpr std::size_t digits = 32;

int nibble(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    const char letter = ascii::lower(c);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::string_view without_path(std::string_view name) noexcept {
    const auto slash = name.find_last_of("\\/");
    return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

// "<digest> *<name>" or "<digest>  <name>".
std::optional<SidecarEntry> entry_in(std::string_view line) {
    if (line.size() <= digits + 2 || line[digits] != ' ' || (line[digits + 1] != '*' && line[digits + 1] != ' ')) return std::nullopt;
    const auto digest = parse_md5(line.substr(0, digits));
    const auto name = line.substr(digits + 2);
    if (!digest || name.find_first_not_of(" \t") == std::string_view::npos) return std::nullopt;
    return SidecarEntry{*digest, std::string(name)};
}

bool is_date(std::string_view text) noexcept {
    constexpr std::string_view form = "dddd/dd/dd";
    return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                      [](char c, char f) { return f == 'd' ? c >= '0' && c <= '9' : c == f; });
}

// ";<GUID>;<date>".
void note(Sidecar& sidecar, std::string_view line) {
    if (!line.starts_with(';') || sidecar.guid) return;
    const auto second = line.find(';', 1);
    if (second == std::string_view::npos || second == 1 || !is_date(line.substr(second + 1))) return;
    sidecar.guid = line.substr(1, second - 1);
    sidecar.date = line.substr(second + 1);
}

}  // namespace

std::string to_text(const Md5& digest) {
    static constexpr std::string_view letters = "0123456789abcdef";
    std::string text;
    for (const auto byte : digest) {
        text += letters[byte >> 4U];
        text += letters[byte & 0xFU];
    }
    return text;
}

std::optional<Md5> parse_md5(std::string_view text) noexcept {
    Md5 digest{};
    if (text.size() != digits) return std::nullopt;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const int high = nibble(text[2 * i]);
        const int low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return digest;
}

std::optional<std::string> sidecar_name(std::string_view image) {
    const auto dot = image.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return std::nullopt;
    const auto ending = image.substr(dot + 1);
    const bool span = ending.size() > 2 && ending.find_first_not_of("0123456789", 2) == std::string_view::npos;
    if (!ascii::same(ending.substr(0, 2), "sp") || !(span || ascii::same(ending, "spf") || ascii::same(ending, "spi"))) return std::nullopt;
    return std::string(image.substr(0, dot)) + ".md5";
}

const SidecarEntry* Sidecar::entry_of(std::string_view image) const noexcept {
    const SidecarEntry* found = nullptr;
    for (const auto& entry : entries) {
        if (!ascii::same(without_path(entry.name), without_path(image))) continue;
        if (found != nullptr && found->digest != entry.digest) return nullptr;
        found = &entry;
    }
    return found;
}

result<Sidecar> parse_sidecar(std::string_view bytes) {
    if (bytes.size() > largest_sidecar) return make_error_code(errc::too_large);
    const std::span all(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    const auto mark = find_mark(all);
    LineSplitter lines(mark.encoding, CodePage::unknown);
    Sidecar sidecar;
    const auto take = [&sidecar](const TextLine& line) {
        const auto begin = line.text.find_first_not_of(" \t");
        if (begin == std::string_view::npos) return;
        auto entry = entry_in(line.text.substr(begin));
        if (entry) {
            sidecar.entries.push_back(std::move(*entry));
        } else {
            note(sidecar, line.text.substr(begin));
        }
    };
    lines.feed(all.subspan(mark.size), take);
    lines.finish(take);
    if (sidecar.entries.empty()) return make_error_code(errc::not_a_sidecar);
    return sidecar;
}

result<Sidecar> read_sidecar(const std::string& path) {
    const auto file = SharedFile::open(path);
    if (!file) return file.error();
    std::string bytes(largest_sidecar + 1, '\0');
    const auto got = file->read(0, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    if (!got) return got.error();
    return parse_sidecar(std::string_view(bytes).substr(0, *got));
}

}  // namespace imc::imagemanager
