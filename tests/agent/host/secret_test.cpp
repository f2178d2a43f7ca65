#include "agent/host/secret.hpp"

#include "agent/host/files.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

using namespace imc::host;

namespace {

// Removed with all that is in it.
class Place {
public:
    Place() : path_(std::filesystem::temp_directory_path() / ("imc-secret-" + std::to_string(std::hash<const void*>()(this)))) {
        std::filesystem::create_directories(path_);
    }
    ~Place() {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    [[nodiscard]] std::string operator/(const char* name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

std::string stored(const std::string& path) {
    return read_file(path, 65'536).value();
}

}  // namespace

TEST_CASE("A secret comes back as it was written, of any bytes") {
    const Place place;
    const auto file = place / "secret";
    for (const std::string& secret : {std::string("-----BEGIN PRIVATE KEY-----\n"), std::string(), std::string("\0\xff\n", 3)}) {
        REQUIRE(write_file(file, secret, true));
        CHECK(read_secret(file, 65'536).value() == secret);
        CHECK(read_own_secret(file, 65'536).value() == secret);
    }
    CHECK(read_secret(place / "none", 65'536).error() == boost::system::errc::no_such_file_or_directory);
}

TEST_CASE("A secret that lies there as plain text is read, and the agent's own is protected then") {
    const Place place;
    const auto file = place / "certificate.key";
    const std::string key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ\n";
    std::ofstream(std::filesystem::path(file), std::ios::binary) << key;
    CHECK(read_secret(file, 65'536).value() == key);
    CHECK(stored(file) == key);
    CHECK(read_own_secret(file, 65'536).value() == key);
    CHECK_FALSE(wants_protection(stored(file)));
    CHECK(read_own_secret(file, 65'536).value() == key);
}

TEST_CASE("A secret as text comes back, and what is no such text is refused") {
    const std::string secret("p\0ss \xc3\xbc", 7);
    const auto text = protect_as_text(secret).value();
    CHECK(text.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(unprotect_text(text).value() == secret);
    for (const char* broken : {"1", "0g", "7b 7d"}) CHECK(unprotect_text(broken).has_error());
}

#ifdef _WIN32
TEST_CASE("On Windows a protected file does not show its secret, and a changed one is refused") {
    const Place place;
    const auto file = place / "local.token";
    const std::string token = "imc_0123456789abcdefghij";
    REQUIRE(write_file(file, token, true));
    auto content = stored(file);
    CHECK(content.find(token) == std::string::npos);
    CHECK(content.find("0123456789") == std::string::npos);
    content.back() = static_cast<char>(content.back() ^ 1);
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
    CHECK(unprotect(content).has_error());
    CHECK(unprotect(content.substr(0, 40)).has_error());
}
#endif
