#include "agent/auth/certificate.hpp"
#include "agent/host/secret.hpp"
#include "tests/agent/auth/must.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

namespace fs = std::filesystem;
using namespace imc::auth;

namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t now = 1'800'000'000;
const std::vector<std::string> names{"backup01.acme.example"};

struct Place {
    fs::path path = fs::temp_directory_path() / ("imc-certificate-" + std::to_string(std::random_device{}()));
    Place() { fs::create_directories(path); }
    ~Place() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    [[nodiscard]] Told<Owned> own(std::int64_t at = now) const { return imc::auth::own(path.string(), "backup01", names, at); }
    [[nodiscard]] std::string file(const std::string& name) const {
        const auto content = imc::host::read_secret((path / name).string(), 65'536);
        return content ? *content : std::string();
    }
    void put(const std::string& name, const std::string& content) const { std::ofstream(path / name, std::ios::binary) << content; }
};

}  // namespace

TEST_CASE("The first start makes a pair, the next one takes it") {
    const Place place;
    const auto first = must(place.own());
    CHECK(first.made);
    CHECK(check(first.certificate, now));
    const auto again = must(place.own(now + day));
    CHECK_FALSE(again.made);
    CHECK(again.certificate.chain_pem == first.certificate.chain_pem);
    CHECK(again.certificate.key_pem == first.certificate.key_pem);
#ifndef _WIN32
    const auto rights = fs::status(place.path / "certificate.key").permissions() & fs::perms::all;
    CHECK(rights == (fs::perms::owner_read | fs::perms::owner_write));
#endif
}

TEST_CASE("Renewal before the end keeps the key") {
    const Place place;
    const auto first = must(place.own());
    const auto renewed = must(place.own(now + 370 * day));
    CHECK(renewed.made);
    CHECK(renewed.certificate.key_pem == first.certificate.key_pem);
    CHECK(read(renewed.certificate.chain_pem)->not_after > now + 700 * day);
}

TEST_CASE("A new name of the host comes into the agent's own certificate, with the same key") {
    const Place place;
    const auto first = must(place.own());
    const auto renamed = must(own(place.path.string(), "backup02", {"192.0.2.9", "2001:DB8:0::9"}, now));
    CHECK(renamed.made);
    CHECK(renamed.certificate.key_pem == first.certificate.key_pem);
    CHECK(read(renamed.certificate.chain_pem)->names == std::vector<std::string>{"backup02", "192.0.2.9", "2001:db8::9"});
    CHECK_FALSE(own(place.path.string(), "backup02", {"192.0.2.9", "2001:DB8:0::9"}, now)->made);
}

TEST_CASE("An imported pair is checked first, served as it is, and the old one kept") {
    const Place place;
    const auto first = must(place.own());
    const auto given = must(make_self_signed("portal.acme.example", {}, now, {}));
    CHECK(import_pair(place.path.string(), {given.chain_pem, first.certificate.key_pem}, now).has_error());
    CHECK(place.file("certificate.pem") == first.certificate.chain_pem);
    REQUIRE(import_pair(place.path.string(), given, now));
    CHECK(place.file("certificate.pem") == given.chain_pem);
    CHECK(place.file("certificate.key") == given.key_pem);
    CHECK(place.file("certificate.pem.previous") == first.certificate.chain_pem);
    CHECK(place.file("certificate.key.previous") == first.certificate.key_pem);
}

TEST_CASE("An import that was cut off between its two files goes back to the previous pair") {
    const Place place;
    const auto first = must(place.own());
    REQUIRE(import_pair(place.path.string(), must(make_self_signed("x", {}, now, {})), now));
    place.put("certificate.pem", first.certificate.chain_pem);
    const auto back = must(place.own());
    CHECK(back.made);
    CHECK(back.certificate.chain_pem == first.certificate.chain_pem);
    CHECK(place.file("certificate.key") == first.certificate.key_pem);
}

TEST_CASE("Files that are damaged beyond that are told of and never replaced silently") {
    const Place place;
    const auto first = must(place.own());
    place.put("certificate.pem", "rubbish");
    const auto told = place.own();
    REQUIRE(told.has_error());
    CHECK(told.error().find("certificate.pem") != std::string::npos);
    CHECK(place.file("certificate.pem") == "rubbish");
    CHECK(place.file("certificate.key") == first.certificate.key_pem);
}

TEST_CASE("A lost certificate is made again for the key that is there") {
    const Place place;
    const auto first = must(place.own());
    fs::remove(place.path / "certificate.pem");
    const auto again = must(place.own());
    CHECK(again.made);
    CHECK(again.certificate.key_pem == first.certificate.key_pem);
}

TEST_CASE("A directory that cannot be written is told of") {
    const auto told = own("/nowhere/at/all", "backup01", {}, now);
    REQUIRE(told.has_error());
    CHECK(told.error().find("/nowhere/at/all") != std::string::npos);
}
