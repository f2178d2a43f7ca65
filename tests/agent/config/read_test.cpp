#include "agent/config/config.hpp"
#include "tests/agent/config/valid.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

using namespace imc::config;

namespace {

std::string all_problems(const Loaded& loaded) {
    std::string text;
    for (const auto& problem : loaded.problems) text += problem.text() + "\n";
    return text;
}

}  // namespace

TEST_CASE("an empty file gives the defaults") {
    const Loaded loaded = parse("", "imconnector.toml");
    REQUIRE(loaded.problems.empty());
    Config defaults;
    defaults.file = "imconnector.toml";
    CHECK(loaded.config == defaults);
    CHECK(support::impossible(loaded.config).empty());
}

TEST_CASE("every table of a full configuration is read") {
    const Loaded loaded = parse(support::full_example(), "full.toml");
    INFO(all_problems(loaded));
    REQUIRE(loaded.problems.empty());
    const Config& c = loaded.config;
    CHECK(c.file == "full.toml");
    CHECK(c.data_directory == support::local("/var/lib/imconnector"));
    CHECK(c.log_file_bytes == 1'500'000);
    CHECK(c.listen == std::vector<std::string>{"127.0.0.1:8443", "[::1]:0"});
    CHECK(c.client_certificate_required);
    CHECK(c.max_body_bytes == 65'536);
    CHECK(c.idle_timeout_seconds == 120);
    CHECK_FALSE(c.expect_md5);
    CHECK(c.week_end == "friday");
    CHECK(c.path_template == "{root}/{customer}/{machine}");
    REQUIRE(c.grace.size() == 2);
    CHECK(c.grace[1] == GraceRule{"*/LAB-?/*", 0});
    REQUIRE(c.quotas.size() == 1);
    CHECK(c.quotas[0] == CustomerQuota{"Acme", std::uint64_t{2} << 40});
    REQUIRE(c.folders.size() == 2);
    CHECK(c.folders[0].quota_bytes == std::uint64_t{500'000'000'000});
    CHECK(c.folders[1].type == "backup_store");
    CHECK(c.folders[1].profile == "replica");
    CHECK_FALSE(c.folders[1].quota_bytes);
    CHECK(c.intra_daily_days == 3);
    CHECK(c.weekly_days == 90);
    CHECK(c.monthly_months == 0);
    CHECK(c.folders[0].daily_days == std::uint64_t{60});
    CHECK_FALSE(c.folders[1].daily_days);
    CHECK(c.brand.product == "Initech Backup Watch");
    CHECK(support::impossible(c).empty());
}

TEST_CASE("tables may be written inline and a byte order mark is no problem") {
    const Loaded loaded = parse(
        "\xEF\xBB\xBF"
        "scan = { interval_seconds = 30 }\n" +
            support::with_local_paths("folder = [{ path = '/a' }, { path = '/b' }]\n"),
        "c");
    INFO(all_problems(loaded));
    REQUIRE(loaded.problems.empty());
    CHECK(loaded.config.interval_seconds == 30);
    CHECK(loaded.config.folders.size() == 2);
}

TEST_CASE("all problems are told in the order of their lines") {
    const Loaded loaded =
        parse("[scan]\ninterval_seconds = 5\nintervall_seconds = 5\n[api]\nlisten = ['nowhere', '0.0.0.0:99999']\nmax_connections = '4'\n",
              "c.toml");
    REQUIRE(loaded.problems.size() == 5);
    CHECK(loaded.problems[0].text() == "c.toml:2: scan.interval_seconds: 5 is too small; allowed are 10 to 86400 seconds");
    CHECK(loaded.problems[1].text() ==
          "c.toml:3: scan.intervall_seconds: is no key of this configuration; did you mean \"interval_seconds\"?");
    CHECK(loaded.problems[2].line == 5);
    CHECK(loaded.problems[3].line == 5);
    CHECK(loaded.problems[4].text() ==
          "c.toml:6: api.max_connections: must be a whole number, not a text; allowed are 1 to 65536 connections");
}

TEST_CASE("a file is read, and one that is too large or missing is refused by name") {
    const auto directory = std::filesystem::temp_directory_path() / ("imc-config-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directory(directory);
    const std::string path = (directory / "imconnector.toml").string();
    std::ofstream(path) << "[scan]\ninterval_seconds = 77\n";
    CHECK(load(path).config.interval_seconds == 77);
    CHECK(load(path).config.file == path);

    std::ofstream(path) << std::string(1'048'577, '#');
    REQUIRE(load(path).problems.size() == 1);
    CHECK(load(path).problems[0].text().find(path + ": is larger than 1 MiB") == 0);
    CHECK(parse(std::string(1'048'577, '#'), "c").problems.size() == 1);
    CHECK(parse(std::string(1'048'576, '#'), "c").problems.empty());

    std::filesystem::remove_all(directory);
    REQUIRE(load(path).problems.size() == 1);
    CHECK(load(path).problems[0].text().find(path + ": cannot be read") == 0);
}
