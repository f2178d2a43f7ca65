#include "agent/host/files.hpp"

#include "agent/host/secret.hpp"

#include <boost/system/errc.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

namespace fs = std::filesystem;
using namespace imc::host;

namespace {

struct Place {
    fs::path path = fs::temp_directory_path() / ("imc-files-" + std::to_string(std::random_device{}()));
    Place() { fs::create_directories(path); }
    ~Place() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    [[nodiscard]] std::string operator/(const char* name) const { return (path / name).string(); }
};

}  // namespace

TEST_CASE("A file comes back as it was written, and writing again replaces it whole") {
    const Place place;
    const auto file = place / "settings";
    const std::string content("a\0b\r\n", 5);
    REQUIRE(write_file(file, std::string(100'000, 'x'), false));
    REQUIRE(write_file(file, content, false));
    CHECK(read_file(file, 100).value() == content);
    CHECK(std::distance(fs::directory_iterator(place.path), {}) == 1);
}

TEST_CASE("A file larger than the limit is an error, one of exactly the limit is not") {
    const Place place;
    const auto file = place / "large";
    REQUIRE(write_file(file, std::string(40'000, 'x'), false));
    CHECK(read_file(file, 40'000).value().size() == 40'000);
    CHECK(read_file(file, 39'999).error() == boost::system::errc::file_too_large);
}

TEST_CASE("What a write that was cut off left beside the file does not disturb the next one") {
    const Place place;
    const auto file = place / "token";
    REQUIRE(write_file(file + ".new", "half", false));
    REQUIRE(write_file(file, "whole", true));
    CHECK(read_secret(file, 100).value() == "whole");
    CHECK_FALSE(fs::exists(file + ".new"));
}

TEST_CASE("A failed write leaves the old content and nothing else") {
    const Place place;
    CHECK(write_file(place / "missing/file", "x", false).error() == boost::system::errc::no_such_file_or_directory);
    const auto directory = place / "directory";
    fs::create_directories(fs::path(directory) / "inside");
    CHECK(write_file(directory, "x", false).has_error());
    CHECK(std::distance(fs::directory_iterator(place.path), {}) == 1);
    CHECK(read_file(place / "none", 10).error() == boost::system::errc::no_such_file_or_directory);
    CHECK(read_file(directory, 10).has_error());
}

#ifndef _WIN32
namespace {

fs::perms permissions(const std::string& path) {
    return fs::status(path).permissions() & fs::perms::all;
}

constexpr auto owner_only = fs::perms::owner_read | fs::perms::owner_write;

}  // namespace

TEST_CASE("A secret is for its owner only, also where a readable file was before") {
    const Place place;
    const auto file = place / "key";
    REQUIRE(write_file(file, "open", false));
    CHECK((permissions(file) & fs::perms::group_read) == fs::perms::group_read);
    REQUIRE(write_file(file, "closed", true));
    CHECK(permissions(file) == owner_only);
}

TEST_CASE("A private directory is made with its parents and closed to others, also when it exists already") {
    const Place place;
    const auto directory = place / "a/b/private";
    REQUIRE(make_private_directory(directory));
    CHECK(permissions(directory) == fs::perms::owner_all);
    fs::permissions(directory, fs::perms::all);
    REQUIRE(make_private_directory(directory + "/"));
    CHECK(permissions(directory) == fs::perms::owner_all);
    REQUIRE(write_file(place / "file", "x", false));
    CHECK(make_private_directory(place / "file/inside").error() == boost::system::errc::not_a_directory);
    CHECK(make_private_directory("").has_error());
}
#endif

TEST_CASE("The computer has a name, a system and places of its own") {
    CHECK_FALSE(host_name().empty());
    CHECK_FALSE(os_name().empty());
    CHECK(os_name().find('"') == std::string::npos);
    CHECK(fs::path(default_data_directory()).is_absolute());
    CHECK(fs::path(default_config_file()).is_absolute());
}
