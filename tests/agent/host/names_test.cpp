#include "agent/host/files.hpp"

#include <boost/system/errc.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#ifndef _WIN32
#include "agent/host/os_release.hpp"
#endif

using namespace imc::host;

TEST_CASE("Removing a file that is missing is no error, removing a directory as a file is one") {
    const auto place = std::filesystem::temp_directory_path() / ("imc-names-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(place);
    const auto file = (place / "local.token").string();
    REQUIRE(write_file(file, "x", true));
    CHECK(remove_file(file));
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(remove_file(file));
    CHECK(remove_file(place.string()).has_error());
    CHECK(std::filesystem::exists(place));
    std::filesystem::remove_all(place);
}

TEST_CASE("The module's own errors equal the generic ones where those exist, and say what is wrong") {
    CHECK(make_error_code(errc::file_too_large) == boost::system::errc::file_too_large);
    CHECK(make_error_code(errc::not_a_directory) == boost::system::errc::not_a_directory);
    CHECK(make_error_code(errc::not_private).message().find("everybody") != std::string::npos);
}

#ifndef _WIN32
TEST_CASE("A device is not read as a file") {
    CHECK(read_file("/dev/zero", 10).error() == make_error_code(errc::not_a_file));
}

TEST_CASE("A file that tells no size is read whole and within its limit") {
    CHECK(read_file("/proc/self/status", 65'536).value().find("Name:") != std::string::npos);
    CHECK(read_file("/proc/self/status", 10).error() == boost::system::errc::file_too_large);
}

TEST_CASE("A directory that everybody shares on purpose is refused instead of closed") {
    const auto shared = std::filesystem::temp_directory_path() / ("imc-shared-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(shared);
    const auto all = std::filesystem::perms::all | std::filesystem::perms::sticky_bit;
    std::filesystem::permissions(shared, all);
    CHECK(make_private_directory(shared.string()).error() == make_error_code(errc::not_private));
    CHECK(std::filesystem::status(shared).permissions() == all);
    std::filesystem::remove_all(shared);
}

TEST_CASE("The system's name loses its quotes, escapes and control characters") {
    CHECK(pretty_name("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n") == "Debian GNU/Linux 12 (bookworm)");
    CHECK(pretty_name("PRETTY_NAME='It is $5'") == "It is $5");
    CHECK(pretty_name("PRETTY_NAME=\"a \\\"b\\\" \\$c\x1b\"") == "a \"b\" $c");
    CHECK(pretty_name("PRETTY_NAME=Plain\r\n") == "Plain");
    CHECK(pretty_name("NOT_PRETTY_NAME=x\nPRETTY_NAME").empty());
    CHECK(pretty_name("PRETTY_NAME=\"").empty());
}
#endif
