#include "agent/imagemanager/installation.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <catch2/catch.hpp>
#include <fstream>

using namespace imc::imagemanager;
using Octets = std::vector<std::uint8_t>;

namespace {

void put(Octets& to, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

void put(Octets& to, const std::string& text) {
    for (const char c : text) put(to, static_cast<std::uint8_t>(c), 2);
    put(to, 0, 2);
    while (to.size() % 4 != 0) to.push_back(0);
}

// As the resource compiler lays it out; without a text where `version` is empty.
Octets resource(const std::string& version) {
    Octets all;
    put(all, 0, 2);
    put(all, 52, 2);
    put(all, 0, 2);
    put(all, "VS_VERSION_INFO");
    for (const std::uint32_t word : {0xFEEF04BDU, 0x10000U, 0x10002U, 0x30004U, 7U << 16U | 6U, 2U << 16U | 0U}) put(all, word, 4);
    all.resize(all.size() + 28);
    if (!version.empty()) {
        put(all, 0, 2);
        put(all, 6, 2);
        put(all, 1, 2);
        put(all, "ProductVersion");
        put(all, version);
    }
    all[0] = static_cast<std::uint8_t>(all.size() & 0xFFU);
    all[1] = static_cast<std::uint8_t>(all.size() >> 8U);
    return all;
}

}  // namespace

TEST_CASE("the program of a service's command is in quotes or ends with .exe") {
    CHECK(program_of_command(R"("C:\Program Files (x86)\StorageCraft\ImageManager\ImageManager.exe" -service)") ==
          R"(C:\Program Files (x86)\StorageCraft\ImageManager\ImageManager.exe)");
    CHECK(program_of_command(R"(C:\Program Files\StorageCraft\ImageManager\ImageManager.EXE -x)") ==
          R"(C:\Program Files\StorageCraft\ImageManager\ImageManager.EXE)");
    CHECK(program_of_command(R"(  "D:\IM\ImageManager.exe)") == R"(D:\IM\ImageManager.exe)");
    CHECK(program_of_command("ImageManager").empty());
    CHECK(program_of_command("").empty());
}

TEST_CASE("the database lies beside the program") {
    CHECK(database_of_program(R"(D:\IM\ImageManager.exe)") == R"(D:\IM\ImageManager.mdb)");
    CHECK(database_of_program(R"(D:\IM\IMAGEMANAGER.EXE)") == R"(D:\IM\IMAGEMANAGER.mdb)");
    CHECK(database_of_program(".exe").empty());
    CHECK(database_of_program("ImageManager.com").empty());
}

TEST_CASE("the version is the text of the resource, else its number, else not known") {
    CHECK(product_version(resource("7.6.2")) == "7.6.2");
    CHECK(product_version(resource("")) == "7.6.2.0");
    CHECK(product_version(resource("7.6.2  ")) == "7.6.2");
    CHECK_FALSE(product_version(Octets(500, 'x')).has_value());
    CHECK_FALSE(product_version({}).has_value());
    const Octets whole = resource("7.6.2");
    // Cut anywhere: never more than there is, and never past the end.
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto version = product_version(std::span(whole).first(length));
        if (version) CHECK((std::string("7.6.2").starts_with(*version) || *version == "7.6.2.0"));
    }
}

TEST_CASE("the version of a program is found wherever in it the resource lies") {
    const imc::test::Temporary home;
    for (const std::size_t before : {std::size_t{0}, std::size_t{4096}, (std::size_t{1} << 20) - 40, (std::size_t{3} << 20) - 8}) {
        Octets bytes(before / 4 * 4, 0x20);
        const Octets tail = resource("7.5.28");
        bytes.insert(bytes.end(), tail.begin(), tail.end());
        bytes.resize(bytes.size() + 70'000);
        const std::string path = home.path("ImageManager.exe");
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        INFO(before);
        CHECK(version_of_program(path) == "7.5.28");
    }
    CHECK_FALSE(version_of_program(home.path("nothing.exe")).has_value());
}

TEST_CASE("what the configuration says is believed, and what it does not say is not guessed") {
    const imc::test::Temporary home;
    const std::string program = home.path("ImageManager.exe");
    const Octets bytes = resource("7.6.2");
    std::ofstream(program, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    const auto found = find_installation({program, ""});
    CHECK(found.found_by == Installation::FoundBy::configuration);
    CHECK(found.version == "7.6.2");
    CHECK(found.database == home.path("ImageManager.mdb"));
    CHECK(found.logs() == home.path("Logs"));
    const auto elsewhere = find_installation({program, home.path("copy.mdb")});
    CHECK(elsewhere.database == home.path("copy.mdb"));
    const auto without = find_installation({home.path("gone.exe"), ""});
    CHECK_FALSE(without.version.has_value());
    CHECK(without.problems.size() >= 1);
    const auto database = find_installation({"", home.path("copy.mdb")});
    CHECK(database.database == home.path("copy.mdb"));
}
