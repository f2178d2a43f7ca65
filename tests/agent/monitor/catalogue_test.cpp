#include "agent/monitor/catalogue.hpp"

#include "agent/monitor/evaluate.hpp"
#include "spchain/finding.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace imc;
using namespace imc::monitor;

TEST_CASE("every entry of the catalogue has known words and full sentences") {
    const std::set<std::string_view> severities = {"critical", "warning", "info"};
    const std::set<std::string_view> domains = {"shadowprotect",    "imagemanager",  "storage", "network",
                                                "operating_system", "configuration", "agent",   "shuttle"};
    const std::set<std::string_view> who = {"msp", "client", "vendor", "nobody"};
    std::set<std::string_view> codes;
    for (const auto& entry : catalogue()) {
        INFO(entry.code);
        CHECK(codes.insert(entry.code).second);
        CHECK(entry.code.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string_view::npos);
        CHECK(severities.count(entry.severity) == 1);
        CHECK(domains.count(entry.domain) == 1);
        CHECK(who.count(entry.who) == 1);
        CHECK(entry.title.size() > 5);
        CHECK(entry.title.size() < 60);
        for (const auto sentence : {entry.cause, entry.consequence, entry.remedy}) {
            REQUIRE(sentence.size() > 20);
            CHECK(sentence.back() == '.');
            CHECK((sentence.front() >= 'A' && sentence.front() <= 'Z'));
        }
    }
}

TEST_CASE("everything that spchain finds is in the catalogue") {
    for (int i = 0; i < spchain::finding_code_count; ++i) {
        const auto code = spchain::to_string(static_cast<spchain::FindingCode>(i));
        INFO(code);
        CHECK(find(code) != nullptr);
    }
    CHECK(find("no_such_code") == nullptr);
}

TEST_CASE("a finding takes what it is not given from the catalogue") {
    const auto finding = make_finding("volume_stale", "k", "It is stale.", "", {{"a", 1}}, "fld_1", "vol_1");
    CHECK(finding.severity == "warning");
    CHECK(finding.domain == "shadowprotect");
    CHECK(finding.remedy == find("volume_stale")->remedy);
    CHECK(finding.evidence == R"({"a":1})");
    const auto other = make_finding("volume_stale", "k", "It is stale.", "Do this.", nlohmann::json(), "", "", "critical");
    CHECK(other.severity == "critical");
    CHECK(other.remedy == "Do this.");
    CHECK(other.evidence == "{}");
    CHECK_THROWS_AS(make_finding("no_such_code", "k", "s", "", {}, "", ""), std::logic_error);
}

TEST_CASE("names that are not UTF-8 do not stop a finding") {
    const auto finding = make_finding("apostrophe", "k", "s.", "", {{"file", "a\xff"}}, "", "");
    CHECK(nlohmann::json::accept(finding.evidence));
}

TEST_CASE("a name cannot move the cursor of a terminal through a sentence") {
    const auto finding = make_finding("apostrophe", "k", "x\x1b[2J\n.", "y\x7f.", {{"file", "x\x1b"}}, "", "");
    CHECK(finding.says == "x?[2J?.");
    CHECK(finding.remedy == "y?.");
    CHECK(nlohmann::json::parse(finding.evidence)["file"] == "x\x1b");
}

TEST_CASE("an explanation fits its width and tells all there is") {
    for (const auto& entry : catalogue()) {
        std::istringstream lines(explain(entry, 72));
        for (std::string line; std::getline(lines, line);) {
            INFO(line);
            CHECK(line.size() <= 90);
        }
        CHECK(explain(entry, 10'000).find(entry.remedy) != std::string::npos);
    }
}

TEST_CASE("agent/TROUBLESHOOTING.md is what the catalogue gives") {
    const std::string path = std::string(IMC_SOURCE) + "/agent/TROUBLESHOOTING.md";
    if (std::getenv("IMC_WRITE_GENERATED") != nullptr) std::ofstream(path, std::ios::binary) << troubleshooting_markdown();
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    CHECK(content.str() == troubleshooting_markdown());
}

TEST_CASE("health is the worst of what is open") {
    store::FindingRecord info, warning, critical, closed;
    info.severity = "info";
    warning.severity = "warning";
    critical.severity = "critical";
    closed = critical;
    closed.closed = 1;
    CHECK(health_of({}) == "ok");
    CHECK(health_of({info, closed}) == "ok");
    CHECK(health_of({info, warning}) == "warning");
    CHECK(health_of({warning, critical, info}) == "critical");
}
