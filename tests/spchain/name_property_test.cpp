#include "spchain/name.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace spchain;

namespace {

using Random = std::mt19937;

std::uint32_t below(Random& random, std::uint32_t end) {
    return std::uniform_int_distribution<std::uint32_t>(0, end - 1)(random);
}

template <class T>
const T& one_of(Random& random, const std::vector<T>& choices) {
    return choices[below(random, static_cast<std::uint32_t>(choices.size()))];
}

std::uint32_t random_number(Random& random) {
    switch (below(random, 5)) {
        case 0:
            return largest_number - below(random, 3);
        case 1:
            return 1 + below(random, 1'000'000);
        default:
            return 1 + below(random, 120);
    }
}

std::string random_part(Random& random, char tag, std::uint32_t number) {
    const std::string zeros(below(random, 4) == 0 ? below(random, 30) : 0, '0');
    const char spelled = below(random, 3) == 0 ? static_cast<char>(tag - 'a' + 'A') : tag;
    return std::string("-") + spelled + zeros + std::to_string(number);
}

std::string random_volume(Random& random) {
    static const std::vector<std::string> pieces = {"C",    "_VOL",  " ",     "-",  "-b",  "-b001", "-i7", "-cd",      ".spf",
                                                    ".md5", "D_Vol", "\x80y", "'",  "0",   "9",     "bad", "\xC3\xA9", ".",
                                                    "-d1",  "B",     "-B2",   "\n", "srv", "-cx",   "\x7F"};
    std::string volume;
    for (std::uint32_t n = 1 + below(random, 5); n > 0; --n) volume += one_of(random, pieces);
    return volume;
}

void check_same(const Name& a, const Name& b) {
    CHECK(a.type == b.type);
    CHECK(a.conventional == b.conventional);
    CHECK(a.kind == b.kind);
    CHECK(a.volume == b.volume);
    CHECK(a.base == b.base);
    CHECK(a.differential == b.differential);
    CHECK(a.incremental == b.incremental);
    CHECK(a.spanned == b.spanned);
    CHECK(a.span == b.span);
    CHECK(a.suffix.size() == b.suffix.size());
}

bool inside(std::string_view part, std::string_view whole) {
    if (part.empty()) return true;
    const std::less_equal<const char*> at_most;
    return at_most(whole.data(), part.data()) && at_most(part.data() + part.size(), whole.data() + whole.size());
}

// The grammar read the other way round, without care for speed.
struct Forward {
    std::string volume, suffix;
    std::uint64_t base = 0, differential = 0, incremental = 0;
};

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return text;
}

// Takes `tag` and the digits after it off the front of `text`; false and no change when they are not there.
bool take(std::string& text, const std::string& tag, std::uint64_t& number) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", tag.size()), text.size());
    if (!text.starts_with(tag) || end == tag.size()) return false;
    number = std::stoull(text.substr(tag.size(), end - tag.size()));
    text.erase(0, end);
    return true;
}

bool only_tokens(const std::string& text) {
    for (std::size_t i = 0; i < text.size(); i += 3) {
        if (text.compare(i, 2, "-c") != 0 || i + 2 >= text.size() || text[i + 2] < 'a' || text[i + 2] > 'z') return false;
    }
    return true;
}

std::optional<Forward> read_forward(const std::string& text) {
    const std::size_t length = text.size() < 4 ? 0 : text.size() - 4;
    const std::string extension = lowered(text.substr(length));
    if (extension != ".spf" && extension != ".spi" && extension != ".sp1") return std::nullopt;
    for (std::size_t begin = length; begin-- > 1;) {
        Forward found;
        std::string rest = lowered(text.substr(begin, length - begin));
        if (!take(rest, "-b", found.base)) continue;
        take(rest, "-d", found.differential);
        take(rest, "-i", found.incremental);
        if (!only_tokens(rest) || found.base == 0) continue;
        found.volume = text.substr(0, begin);
        found.suffix = text.substr(length - rest.size(), rest.size());
        if (extension == ".spf" && found.differential + found.incremental + rest.size() > 0) return std::nullopt;
        return found;
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("What goes into a name comes out of it, and its canonical form says the same") {
    Random random(20'240'229);
    const std::vector<std::string> tokens = {"-cd", "-cw", "-cm", "-cr", "-cx", "-CD", "-Cw"};
    for (int round = 0; round < 20'000; ++round) {
        const std::string volume = random_volume(random);
        const std::uint32_t base = random_number(random);
        const std::uint32_t differential = below(random, 3) == 0 ? random_number(random) : 0;
        const std::uint32_t incremental = below(random, 3) != 0 ? random_number(random) : 0;
        std::string suffix;
        for (std::uint32_t n = below(random, 4); n > 0; --n) suffix += one_of(random, tokens);
        std::string text = volume + random_part(random, 'b', base);
        if (differential != 0 || below(random, 3) == 0) text += random_part(random, 'd', differential);
        if (incremental != 0 || below(random, 3) == 0) text += random_part(random, 'i', incremental);
        text += suffix;
        const std::string stem = text;
        const bool full = differential == 0 && incremental == 0 && suffix.empty() && below(random, 2) == 0;
        text += full ? ".spf" : one_of<std::string>(random, {".spi", ".SPI", ".sp3", ".sp8"});
        CAPTURE(text);

        const Name name = parse(text);
        CHECK(name.type == NameType::image);
        REQUIRE(name.conventional);
        CHECK(name.volume == volume);
        CHECK(name.base == base);
        CHECK(name.differential == differential);
        CHECK(name.incremental == incremental);
        CHECK(name.suffix == suffix);
        CHECK(name.stem == stem);
        CHECK(name.spanned == (text.ends_with('3') || text.ends_with('8')));
        CHECK(name.span == (name.spanned ? text.back() - '0' : 0));

        const std::string canonical = format(name);
        CAPTURE(canonical);
        const Name again = parse(canonical);
        check_same(again, name);
        CHECK(format(again) == canonical);
    }
}

TEST_CASE("Reading forward from every \"-b\" finds the same conventional names") {
    Random random(77);
    const std::vector<std::string> pieces = {"-b1", "-b", "-B02", "-i3", "-i0", "-I", "-d4", "-d00", "-cd",        "-cW",  "-c",
                                             "x",   "-",  "7",    "b",   "0",   ".",  "-b0", ".spi", "C_VOL-b001", "-i012"};
    const std::vector<std::string> endings = {".spi", ".SPF", ".spf", ".sp1", ".spk", "", ".spi "};
    int conventional = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string text;
        for (std::uint32_t n = below(random, 7); n > 0; --n) text += one_of(random, pieces);
        text += one_of(random, endings);
        CAPTURE(text);
        const Name name = parse(text);
        const std::optional<Forward> expected = read_forward(text);
        REQUIRE((name.type == NameType::image && name.conventional) == expected.has_value());
        if (!expected) continue;
        ++conventional;
        CHECK(name.volume == expected->volume);
        CHECK(name.base == expected->base);
        CHECK(name.differential == expected->differential);
        CHECK(name.incremental == expected->incremental);
        CHECK(name.suffix == expected->suffix);
    }
    CHECK(conventional > 3'000);
}

TEST_CASE("Whatever the bytes, a name points only into itself") {
    Random random(4711);
    const std::vector<std::string> pieces = {"-b001", "-i002",   "-d003",   "-cd",  ".spf",  ".spi", ".sp1", ".md5",
                                             ".tmp",  "bad.log", ".bitmap", ".spk", ".spwb", "/",    "\\",   "C_VOL"};
    for (int round = 0; round < 50'000; ++round) {
        std::string made;
        for (std::uint32_t n = below(random, 12); n > 0; --n) {
            if (below(random, 2) == 0) {
                made += one_of(random, pieces);
            } else {
                made += static_cast<char>(below(random, 256));
            }
        }
        // A copy of exactly this size on the heap, so that the sanitizer sees a read beyond its end.
        const std::vector<char> bytes(made.begin(), made.end());
        const std::string_view text(bytes.data(), bytes.size());
        CAPTURE(made);
        const Name name = parse(text);
        REQUIRE(inside(name.volume, text));
        REQUIRE(inside(name.suffix, text));
        REQUIRE(inside(name.stem, text));
        CHECK(name.stem.empty() == (name.type == NameType::foreign));
        CHECK(name.stem.find_first_of("/\\") == std::string_view::npos);
        CHECK(name.conventional == (name.base != 0));
        CHECK(name.conventional == !name.volume.empty());
        CHECK((name.conventional || name.suffix.empty()));
        CHECK(format(name).empty() == !(name.conventional && name.type == NameType::image));
        if (name.conventional && name.type == NameType::image) check_same(parse(format(name)), name);
    }
}
