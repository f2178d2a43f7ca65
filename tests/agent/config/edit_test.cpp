#include "agent/config/edit.hpp"

#include "tests/support/local_paths.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace imc::config;
using support::local;

namespace {

Edited with_port(const std::string& text, std::uint16_t port) {
    Wishes wishes;
    wishes.port = port;
    return edited(text, wishes);
}

Edited with_folders(const std::string& text, std::vector<std::string> folders) {
    Wishes wishes;
    wishes.folders = std::move(folders);
    return edited(text, wishes);
}

Config read(const Edited& edited) {
    INFO(edited.text);
    CHECK(edited.problems.empty());
    const auto loaded = parse(edited.text, "");
    REQUIRE(loaded.problems.empty());
    return loaded.config;
}

}  // namespace

TEST_CASE("The documented template takes port, roots and folders, and differs in these lines alone") {
    Wishes wishes;
    wishes.port = std::uint16_t{9443};
    wishes.discovery_roots = {local("/srv/unmanaged")};
    wishes.folders = {local("/srv/backups/a"), local("/srv/it's b")};
    const std::string before = documented();
    const auto after = edited(before, wishes);
    const auto config = read(after);
    CHECK(config.listen == std::vector<std::string>{"0.0.0.0:9443", "[::]:9443"});
    CHECK(config.roots == wishes.discovery_roots);
    REQUIRE(config.folders.size() == 2);
    CHECK(config.folders[1].path == local("/srv/it's b"));
    const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
    CHECK(lines(after.text) == lines(before) + 6);
    CHECK(after.text.find("# Addresses and ports to serve the API on") != std::string::npos);
}

TEST_CASE("A port changes in its place, whatever stands around it") {
    const std::string text = "# mine\n[api] # head\nlisten = [ \"127.0.0.1:1\", # one ] \n  '[::1]:2',\n] # both\nclient_ca = \"\"\n";
    const auto after = with_port(text, 8443);
    CHECK(after.text == "# mine\n[api] # head\nlisten = ['127.0.0.1:8443', '[::1]:8443'] # both\nclient_ca = \"\"\n");
    CHECK(read(after).listen.size() == 2);
    CHECK(read(with_port("", 9)).listen == std::vector<std::string>{"0.0.0.0:9", "[::]:9"});
    CHECK(read(with_port("[api]\nallow = []", 9)).allow.empty());
    CHECK(with_port("[api]\r\nallow = []\r\n", 9).text.find("allow = []\r\n") != std::string::npos);
    CHECK(read(with_port("[api]\nlisten = [\"10.0.0.1:1\", \"10.0.0.1:2\"]\n", 9)).listen == std::vector<std::string>{"10.0.0.1:9"});
    CHECK(read(with_port("[agent]\nlog_file = '" + local("/listen = [1]") + "'\n[api]\n", 9)).listen.size() == 2);
}

TEST_CASE("What cannot be changed safely stays, and is told") {
    for (const std::string text : {"api.listen = [\"0.0.0.0:1\"]\n", "api = { listen = [\"0.0.0.0:1\"] }\n"}) {
        const auto after = with_port(text, 9);
        CHECK(after.text == text);
        REQUIRE(after.problems.size() == 1);
        CHECK(after.problems[0].find("port 9") != std::string::npos);
    }
}

TEST_CASE("A folder that is there already is not added again, and none is taken away") {
    const std::string text = "[[folder]]\npath = '" + local("/srv/a") + "'\ncustomer = \"Acme\"\n";
    CHECK(with_folders(text, {local("/srv/a/")}).text == text);
    const auto config = read(with_folders(text, {local("/srv/b")}));
    REQUIRE(config.folders.size() == 2);
    CHECK(config.folders[0].customer == "Acme");
}

TEST_CASE("One bad folder does not keep the others out") {
    const auto after = with_folders("", {"not/absolute", local("/srv/b")});
    REQUIRE(after.problems.size() == 1);
    CHECK(after.problems[0].find("not/absolute") != std::string::npos);
    CHECK(parse(after.text, "").config.folders.size() == 1);
}
