#include "tests/agent/cli/run.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using imc::test::has;
using imc::test::run;
using imc::test::Temporary;
using imc::test::write;
using nlohmann::json;

namespace {

// Two weeks of a healthy chain with a sidecar for each image.
notation::Chain healthy() {
    return notation::chain("md5 day=4 b1 i1..i48 cd@4 cd@8 cd@12 cd@16 cd@20 cd@24 cd@28 cd@32 cd@36 cd@40 cd@44 cd@48");
}

std::string when(const notation::Chain& chain) {
    char text[32];
    const auto time = static_cast<std::time_t>(chain.now);
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&time));
    return text;
}

imc::test::Outcome scan(const Temporary& home, const notation::Chain& chain, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"scan", home.path("SRV1"), "--now", when(chain)};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
}

}  // namespace

TEST_CASE("A healthy folder is well for people and for programs") {
    const Temporary home;
    const auto chain = healthy();
    write(home, "SRV1", chain);
    const auto told = scan(home, chain);
    CHECK(told.code == 0);
    CHECK(told.err.empty());
    CHECK(has(told.out, home.path("SRV1")));
    CHECK(has(told.out, "C_VOL\n"));
    CHECK(has(told.out, "b001-i048"));
    CHECK(has(told.out, "\nOK\n"));
    CHECK_FALSE(has(told.out, "\x1b"));

    const auto document = json::parse(scan(home, chain, {"--json"}).out);
    CHECK(document["folder"] == home.path("SRV1"));
    CHECK(document["scanned_at"] == when(chain));
    CHECK(document["companions"] == chain.entries.size() / 2);
    CHECK(document["foreign"] == 0);
    CHECK(document["incrementals_bytes"] == 0);
    CHECK(document["findings"].empty());
    const auto& drawn = document["volumes"].at(0)["chains"].at(0);
    CHECK(drawn["newest_point"] == "b001-i048");
    CHECK(drawn["images"].size() == 61);
    for (const auto& point : drawn["points"]) CHECK(point["restore_set"].at(0) == "C_VOL-b001.spf");
}

TEST_CASE("A lost file is critical, and the sentence names what would heal it") {
    const Temporary home;
    const auto chain = notation::chain("md5 b1 i1..i20 !i12 day=24");
    write(home, "SRV1", chain);
    const auto told = scan(home, chain);
    CHECK(told.code == 2);
    CHECK(has(told.out, "C_VOL-b001-i012.spi"));
    CHECK(has(told.out, "-> "));
    CHECK(has(told.out, "\nCRITICAL: 1 critical"));
    const auto document = json::parse(scan(home, chain, {"--json"}).out);
    const auto& findings = document["volumes"].at(0)["findings"];
    CHECK(std::any_of(findings.begin(), findings.end(), [](const json& f) { return f["code"] == "chain_broken" && !f["remedy"].empty(); }));
}

TEST_CASE("A warning alone ends with 1") {
    const Temporary home;
    auto chain = healthy();
    write(home, "SRV1", chain);
    chain.now += 4 * 86'400;  // past the grace of three days
    const auto told = scan(home, chain);
    CHECK(told.code == 1);
    CHECK(has(told.out, "\nWARNING: 1 warning\n"));
}

TEST_CASE("Time passes for a scan as it is told") {
    const Temporary home;
    auto chain = healthy();
    write(home, "SRV1", chain);
    chain.now += 10 * 86'400;
    const auto late = json::parse(scan(home, chain, {"--json"}).out);
    CHECK(has(late.dump(), "volume_stale"));
}

TEST_CASE("What cannot be read ends with 3 and says which") {
    const Temporary home;
    home.file("file");
    for (const char* name : {"nothing", "file"}) {
        const auto told = run({"scan", home.path(name)});
        CHECK(told.code == 3);
        CHECK(told.out.empty());
        CHECK(has(told.err, home.path(name)));
        CHECK(run({"scan", home.path(name), "--store", "--json"}).code == 3);
    }
}

TEST_CASE("A backup store is told folder by folder, and images in its root are misplaced") {
    const Temporary home;
    const auto chain = healthy();
    write(home, "Store/DC01", chain);
    write(home, "Store/SQL01", chain, "E_VOL");
    home.file("Store/C_VOL-b001.spf", 1000, chain.now - 7200);
    const auto told = run({"scan", home.path("Store"), "--store", "--now", when(chain), "--json"});
    CHECK(told.code == 1);
    const auto document = json::parse(told.out);
    CHECK(document["folder"] == home.path("Store"));
    REQUIRE(document["folders"].size() == 2);
    CHECK(document["folders"][0]["folder"] == home.path("Store/DC01"));
    CHECK(document["folders"][1]["volumes"].at(0)["volume"] == "E_VOL");
    CHECK(document["findings"].at(0)["code"] == "images_in_store_root");
    const auto page = run({"scan", home.path("Store"), "--store", "--now", when(chain)});
    CHECK(page.code == 1);
    CHECK(page.out.find("DC01") < page.out.find("SQL01"));
}

TEST_CASE("A folder is judged by the configuration where one is given") {
    const Temporary home;
    const auto chain = notation::chain("md5 day=4 b1 cd@4 cd@8 cd@12");  // as a replica has it
    write(home, "SRV1", chain);
    std::ofstream(home.path("c.toml")) << "[[folder]]\npath = '" << home.path("SRV1") << "'\nprofile = \"replica\"\n";
    CHECK(scan(home, chain, {"--config", home.path("c.toml")}).out == scan(home, chain, {"--profile", "replica"}).out);
    std::ofstream(home.path("bad.toml")) << "[scna]\n";
    const auto told = scan(home, chain, {"--config", home.path("bad.toml")});
    CHECK(told.code == 3);
    CHECK(has(told.err, "bad.toml:1"));
}

#ifndef _WIN32  // Windows has no such names
TEST_CASE("Names from anywhere do no harm to the terminal") {
    const Temporary home;
    const auto chain = healthy();
    write(home, "SRV1", chain);
    home.file("SRV1/x\x1b[2J-b001-i001.spi", 10, chain.now - 7200);
    const auto told = scan(home, chain);
    CHECK(told.out.find('\x1b') == std::string::npos);
    CHECK(json::accept(scan(home, chain, {"--json"}).out));
}
#endif
