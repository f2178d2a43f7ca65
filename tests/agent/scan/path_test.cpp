#include "agent/scan/listing.hpp"
#include "agent/scan/path_template.hpp"
#include "agent/scan/paths.hpp"
#include "agent/scan/utf8.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>

using namespace imc::scan;
using support::local;

TEST_CASE("POSIX paths are normal without doubled separators, dots and trailing separators") {
    const auto n = [](const char* path) { return normalise(PathStyle::posix, std::string(path)); };
    CHECK(n("/srv//backups///acme/") == "/srv/backups/acme");
    CHECK(n("/srv/./x/../y") == "/srv/y");
    CHECK(n("/../..") == "/");
    CHECK(n("//") == "/");
    CHECK(n("/a\\b") == "/a\\b");
    CHECK(is_absolute(native_style(), normalise("relative")));
    CHECK(last_component(normalise("relative")) == "relative");
}

TEST_CASE("Windows paths are normal with one kind of separator, an upper-case drive and no prefix") {
    const auto n = [](const char* path) { return normalise(PathStyle::windows, std::string(path)); };
    CHECK(n("d:/backups//acme/") == "D:\\backups\\acme");
    CHECK(n("d:") == "D:\\");
    CHECK(n("d:\\..\\..") == "D:\\");
    CHECK(n("\\\\?\\d:\\x") == "D:\\x");
    CHECK(n("\\\\?\\UNC\\nas\\share\\x\\") == "\\\\nas\\share\\x");
    CHECK(n("//nas/share/") == "\\\\nas\\share");
    CHECK(n("\\\\nas\\\\share\\\\x") == "\\\\nas\\share\\x");
    CHECK(n("\\\\nas\\share\\..\\..\\x") == "\\\\nas\\share\\x");
    CHECK(n("\\\\?\\Volume{1}\\x\\.") == "\\\\?\\Volume{1}\\x");
}

TEST_CASE("last component and parent know what a root is") {
    const auto posix = PathStyle::posix;
    const auto windows = PathStyle::windows;
    CHECK(parent(posix, std::string("/srv/x")) == "/srv");
    CHECK(parent(posix, std::string("/srv")) == "/");
    CHECK(parent(posix, std::string("/")) == "/");
    CHECK(last_component(posix, std::string("/srv/x")) == "x");
    CHECK(last_component(posix, std::string("/srv")) == "srv");
    CHECK(last_component(posix, std::string("/")).empty());
    CHECK(parent(windows, std::string("D:\\x")) == "D:\\");
    CHECK(parent(windows, std::string("D:\\")) == "D:\\");
    CHECK(last_component(windows, std::string("D:\\x")) == "x");
    CHECK(last_component(windows, std::string("D:\\")).empty());
    CHECK(parent(windows, std::string("\\\\nas\\share\\x")) == "\\\\nas\\share");
    CHECK(parent(windows, std::string("\\\\nas\\share")) == "\\\\nas\\share");
    CHECK(last_component(windows, std::string("\\\\nas\\share\\x")) == "x");
    CHECK(join(windows, "D:\\", "x") == "D:\\x");
    CHECK(join(posix, "/", "x") == "/x");
    CHECK(join(posix, "/srv", "x") == "/srv/x");
}

TEST_CASE("the path template captures one component for each word in braces") {
    std::string why;
    const auto compiled = PathTemplate::compile("{root}/{customer}/{folder}", why);
    REQUIRE(compiled);
    const std::vector<std::string> roots{local("/srv/backups/"), local("/")};
    const auto match = compiled->match(local("/srv/backups/acme/web01"), roots);
    REQUIRE(match);
    CHECK(match->at("root") == normalise(local("/srv/backups")));
    CHECK(match->at("customer") == "acme");
    CHECK(match->at("folder") == "web01");
    CHECK(compiled->match(local("/acme/web01"), roots)->at("root") == normalise(local("/")));
    CHECK_FALSE(compiled->match(local("/srv/backups/acme"), {local("/srv/backups")}));
    CHECK_FALSE(compiled->match(local("/srv/backups/acme/web01/deeper"), {local("/srv/backups")}));
    CHECK_FALSE(compiled->match(local("/srv/backups2/acme/web01"), {local("/srv/backups")}));
    CHECK_FALSE(compiled->match(local("/srv/backups/acme/web01"), {}));
}

TEST_CASE("the path template may hold literals, between and within components, and no root") {
    std::string why;
    const auto mixed = PathTemplate::compile(local("/srv/{customer}-backups/sp/{machine}.{folder}_x"), why);
    REQUIRE(mixed);
    const auto match = mixed->match(local("/srv/acme-co-backups/sp/web.01.c_x"), {});
    REQUIRE(match);
    CHECK(match->at("customer") == "acme-co");
    CHECK(match->at("machine") == "web");
    CHECK(match->at("folder") == "01.c");
    CHECK_FALSE(mixed->match(local("/srv/-backups/sp/web.01_x"), {}));
    CHECK_FALSE(mixed->match(local("/srv/acme-backups/sp/web._x"), {}));
    CHECK(mixed->match(local("/srv/acme-backups/SP/web.01_x"), {}).has_value() == (native_style() == PathStyle::windows));
    CHECK(PathTemplate::compile(local("/{customer}/a{folder}b"), why)->match(local("/x/aabb"), {})->at("folder") == "ab");
}

TEST_CASE("a malformed path template is refused with a sentence") {
    const auto wrong = [](const char* text) {
        std::string why;
        const bool refused = !PathTemplate::compile(text, why);
        return refused && !why.empty() && why.back() == '.';
    };
    CHECK(wrong(""));
    CHECK(wrong("/srv/backups"));
    CHECK(wrong("{root}//{folder}"));
    CHECK(wrong("{root}/{folder}/"));
    CHECK(wrong("{root}/{folder"));
    CHECK(wrong("{root}/folder}"));
    CHECK(wrong("{root}/{}"));
    CHECK(wrong("{root}/{Customer}"));
    CHECK(wrong("{root}/{folder}/{folder}"));
    CHECK(wrong("{root}/{customer}{folder}"));
    CHECK(wrong("/srv/{root}/{folder}"));
    CHECK(wrong("{root}x/{folder}"));
    CHECK(wrong("{root}\\{folder}"));
    std::string many = "{root}";
    for (int i = 0; i < 32; ++i) many += "/x";
    CHECK(wrong(many.c_str()));
}

TEST_CASE("text is made valid UTF-8 without losing differences") {
    CHECK(valid_utf8("plain") == "plain");
    CHECK(valid_utf8("\u00fc\u20ac\U0001F600") == "\u00fc\u20ac\U0001F600");
    CHECK(valid_utf8("\xc0\x80") == "\uFFFDC0\uFFFD80");
    CHECK(valid_utf8("\xed\xa0\x80") == "\uFFFDED\uFFFDA0\uFFFD80");
    CHECK(valid_utf8("\xf5\x80\x80\x80") == "\uFFFDF5\uFFFD80\uFFFD80\uFFFD80");
    CHECK(valid_utf8("x\xe2\x82") == "x\uFFFDE2\uFFFD82");
    CHECK(utf8_from_utf16(u"\u00fc\u20ac\U0001F600x") == "\u00fc\u20ac\U0001F600x");
    const char16_t lone[] = {u'a', 0xD800, u'b', 0xDC01};
    CHECK(utf8_from_utf16(std::u16string_view(lone, 4)) == "a\uFFFDD800b\uFFFDDC01");
    CHECK(utf16_from_utf8("\u00fc\U0001F600x") == u"\u00fc\U0001F600x");
}
