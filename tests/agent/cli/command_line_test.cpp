#include "tests/agent/cli/run.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using imc::test::has;
using imc::test::run;

TEST_CASE("Every verb has help with a sentence and an example") {
    const std::vector<std::vector<std::string>> verbs = {
        {"run"},           {"status"},          {"folders"},         {"volumes"},      {"findings"},
        {"unmanaged"},     {"chain"},           {"restore-set"},     {"scan"},         {"parse"},
        {"token", "list"}, {"token", "create"}, {"token", "revoke"}, {"cert", "show"}, {"cert", "import"},
        {"cert", "csr"},   {"cert", "renew"},   {"check-config"},    {"explain"},      {"doctor"},
        {"version"},       {"rescan"},          {"adopt"},           {"release"},      {"scan-once"}};
    for (auto words : verbs) {
        INFO(words.front());
        words.push_back("--help");
        const auto told = run(words);
        CHECK(told.code == 0);
        CHECK(told.err.empty());
        CHECK(has(told.out, "Example:\n  "));
        CHECK(has(told.out, "--config"));
    }
    const auto all = run({"--help"});
    CHECK(all.code == 0);
    for (const auto& words : verbs) CHECK(has(all.out, "\n  " + words.front() + " ") == (words.front() != "scan-once"));
}

TEST_CASE("Wrong usage is told on standard error and ends with 64") {
    const std::vector<std::vector<std::string>> wrong = {{},
                                                         {"no-such-verb"},
                                                         {"scan"},
                                                         {"scan", "a", "b"},
                                                         {"parse", "--no-such-option"},
                                                         {"token"},
                                                         {"token", "create"},
                                                         {"token", "create", "--name", ""},
                                                         {"token", "create", "--name", "x", "--scope", "root"},
                                                         {"token", "create", "--name", "x", "--days", "0"},
                                                         {"explain"},
                                                         {"explain", "a", "--all"},
                                                         {"chain"},
                                                         {"chain", "x", "--text", "--json"},
                                                         {"chain", "x", "--base", "0"},
                                                         {"chain", "x", "--point", "i7"},
                                                         {"scan", "x", "--now", "yesterday"},
                                                         {"scan", "x", "--profile", "best"},
                                                         {"restore-set", "x"},
                                                         {"restore-set", "x", "y"},
                                                         {"adopt"},
                                                         {"release"},
                                                         {"status", "--json", "--full"}};
    for (const auto& words : wrong) {
        INFO(words.size() << " words, first " << (words.empty() ? "" : words.front()));
        const auto told = run(words);
        CHECK(told.code == 64);
        CHECK(told.out.empty());
        CHECK(has(told.err, "imconnector: "));
    }
}

TEST_CASE("A chain is asked for in one form at a time") {
    const auto told = run({"chain", "x", "--svg", "--dot"});
    CHECK(told.code == 64);
    CHECK(told.out.empty());
    CHECK(has(told.err, "--svg"));
    for (const char* form : {"--text", "--svg", "--dot", "--json"}) CHECK(has(run({"chain", "--help"}).out, form));
}

TEST_CASE("The version is one line, or one document") {
    const auto line = run({"version"});
    CHECK(line.code == 0);
    CHECK(line.out.starts_with("imconnector "));
    CHECK(line.out.find('\n') == line.out.size() - 1);
    const auto document = nlohmann::json::parse(run({"version", "--json"}).out);
    CHECK(document["api_version"] == 1);
    CHECK(has(line.out, document["version"].get<std::string>()));
}

TEST_CASE("Names come in and lines go out") {
    const auto told = run({"parse", "--json"}, 0, "C_VOL-b001.spf\nx\n");
    CHECK(told.code == 0);
    CHECK(std::count(told.out.begin(), told.out.end(), '\n') == 2);
}

TEST_CASE("A finding is explained, and a mistyped one guessed") {
    const auto told = run({"explain", "chain_broken"});
    CHECK(told.code == 0);
    CHECK(has(told.out, "Remedy"));
    const auto nearly = run({"explain", "chain_brokn"});
    CHECK(nearly.code == 1);
    CHECK(nearly.out.empty());
    CHECK(has(nearly.err, "chain_broken"));
    CHECK(run({"explain", "\x1b[31m"}).err.find('\x1b') == std::string::npos);
    CHECK(has(run({"explain", "--all"}).out, "md5_missing: "));
    CHECK(has(run({"explain", "--markdown"}).out, "## md5_missing"));
}

TEST_CASE("A configuration is well, or each problem has its line") {
    const imc::test::Temporary home;
    const auto file = home.path("c.toml");
    const auto write = [&file](const std::string& text) { std::ofstream(file) << text; };
    write("[scan]\ninterval_seconds = 60\n");
    const auto well = run({"check-config", file});
    CHECK(well.code == 0);
    CHECK(well.out == file + ": well\n");
    CHECK(run({"check-config", "--config", file}).out == well.out);
    write("[scan]\ninterval_seconds = 'x'\nsettle_second = 3\n");
    const auto ill = run({"check-config", file});
    CHECK(ill.code == 1);
    CHECK(ill.out.empty());
    CHECK(has(ill.err, "c.toml:2: scan.interval_seconds"));
    CHECK(has(ill.err, "c.toml:3: scan.settle_second"));
    CHECK(run({"check-config", home.path("nothing.toml")}).code == 1);
    // A verb that wants it says the same and does nothing.
    const auto status = run({"status", "--config", file});
    CHECK(status.code == 3);
    CHECK(has(status.err, "c.toml:2"));
    CHECK(run({"volumes", "--config", file}).code == 1);
}
