#include "agent/config/path_style.hpp"

#include <catch2/catch.hpp>

using namespace imc::config;

TEST_CASE("absolute paths of POSIX begin with a slash") {
    CHECK(is_absolute("/", PathStyle::posix));
    CHECK(is_absolute("/srv/x", PathStyle::posix));
    for (const char* bad : {"", "x", "./x", "C:\\x", "\\\\server\\share"}) CHECK_FALSE(is_absolute(bad, PathStyle::posix));
}

TEST_CASE("absolute paths of Windows have a drive or a server and a share") {
    for (const char* good : {"C:\\", "c:/x", "D:\\Backups\\Acme", "\\\\server\\share", "\\\\server\\share\\x", "//server/share"}) {
        INFO(good);
        CHECK(is_absolute(good, PathStyle::windows));
    }
    for (const char* bad :
         {"", "/x", "\\x", "C:", "C:x", "1:\\x", "\\\\server", "\\\\server\\", "\\\\\\share", "\\\\?\\C:\\x", "\\\\.\\pipe"}) {
        INFO(bad);
        CHECK_FALSE(is_absolute(bad, PathStyle::windows));
    }
}

TEST_CASE("spellings of one path compare equal, those of two do not") {
    CHECK(comparable("/a//b/", PathStyle::posix) == "/a/b");
    CHECK(comparable("/", PathStyle::posix) == "/");
    CHECK(comparable("/A", PathStyle::posix) != comparable("/a", PathStyle::posix));
    CHECK(comparable("C:/A\\b\\\\", PathStyle::windows) == comparable("c:\\a\\B", PathStyle::windows));
    CHECK(comparable("\\\\Srv\\Share\\", PathStyle::windows) == "\\\\srv\\share");
    CHECK(comparable("C:\\", PathStyle::windows) == "c:\\");
}
