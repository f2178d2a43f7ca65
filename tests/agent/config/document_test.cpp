#include "agent/config/config.hpp"
#include "tests/agent/config/valid.hpp"
#include "tests/support/local_paths.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

using namespace imc::config;

namespace {

// The file as committed. With IMC_WRITE_GENERATED set in the environment it is written first.
std::string committed(const std::string& file, const std::string& generated) {
    const std::string path = std::string(IMC_SOURCE) + "/config/" + file;
    if (std::getenv("IMC_WRITE_GENERATED") != nullptr) std::ofstream(path, std::ios::binary) << generated;
    std::ostringstream content;
    content << std::ifstream(path, std::ios::binary).rdbuf();
    return content.str();
}

// The documented file with its commented examples made active.
std::string with_examples() {
    std::istringstream lines(documented());
    std::string out;
    for (std::string line; std::getline(lines, line);) {
        const bool example = line.rfind("# [[", 0) == 0 || (line.rfind("# ", 0) == 0 && line.find(" = ") != std::string::npos);
        out += (example ? line.substr(2) : line) + "\n";
    }
    return out;
}

}  // namespace

TEST_CASE("config/imconnector.toml is what the table of keys gives") {
    CHECK(committed("imconnector.toml", documented()) == documented());
}

TEST_CASE("config/imconnector.schema.json is what the table of keys gives") {
    CHECK(committed("imconnector.schema.json", schema()) == schema());
}

TEST_CASE("the documented file says exactly the defaults") {
    const Loaded loaded = parse(documented(), "");
    for (const auto& problem : loaded.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(loaded.problems.empty());
    CHECK(loaded.config == Config{});
}

TEST_CASE("the commented examples of the documented file are right") {
    std::string text = with_examples();
    for (const std::string& windows : {std::string(R"('D:\Backups\Acme\SRV1')"), std::string(R"('E:\Mirror\Backups')")}) {
        const std::size_t at = text.find(" = " + windows);
        REQUIRE(at != std::string::npos);
        text.replace(at + 3, windows.size(), support::with_local_paths("'/srv/backups/Acme/SRV1'"));
    }
    const Loaded loaded = parse(text, "");
    for (const auto& problem : loaded.problems) UNSCOPED_INFO(problem.text());
    REQUIRE(loaded.problems.empty());
    REQUIRE(loaded.config.imagemanager_map.size() == 1);
    REQUIRE(loaded.config.folders.size() == 1);
    CHECK(loaded.config.folders[0].quota_bytes == std::uint64_t{2'000'000'000'000});
    REQUIRE(loaded.config.grace.size() == 1);
    CHECK(loaded.config.grace[0].days == 7);
    REQUIRE(loaded.config.quotas.size() == 1);
    CHECK(loaded.config.quotas[0].bytes == 10'000'000'000'000);
}

TEST_CASE("the schema knows the same keys as the documented file") {
    const auto root = nlohmann::json::parse(schema());
    std::set<std::string> described;
    for (const auto& [table, of] : root["properties"].items()) {
        const auto& object = of.contains("items") ? of["items"] : of;
        for (const auto& [key, value] : object["properties"].items()) {
            CHECK_FALSE(value["description"].get<std::string>().empty());
            const auto& content = value.contains("items") && value["items"].contains("properties") ? value["items"] : value;
            if (!content.contains("properties")) described.insert(table + "." + key);
            if (!content.contains("properties")) continue;
            for (const auto& item : content["properties"].items()) described.insert(table + "." + key + "." + item.key());
        }
    }
    std::set<std::string> documented_keys;
    std::istringstream lines(with_examples());
    std::string table;
    for (std::string line; std::getline(lines, line);) {
        if (line[0] == '[') table = line.substr(line.find_first_not_of('['), line.find(']') - line.find_first_not_of('['));
        if (const auto at = line.find(" = "); at != std::string::npos && line[0] != '#')
            documented_keys.insert(table + "." + line.substr(0, at));
    }
    CHECK(described == documented_keys);
    CHECK(described.size() > 50);
}

TEST_CASE("lines of the documented file are short enough to read") {
    std::istringstream lines(documented());
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(line.size() <= 115);
    }
}
