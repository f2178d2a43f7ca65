#include "shuttle/relay/config.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace shuttle::relay;

namespace {

// The file as committed. With IMC_WRITE_GENERATED set in the environment it is written first.
std::string committed(const std::string& name, const std::string& generated) {
    const std::string path = std::string(IMC_SOURCE) + "/config/" + name;
    if (std::getenv("IMC_WRITE_GENERATED") != nullptr) std::ofstream(path, std::ios::binary) << generated;
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("The relay's documented configuration and its schema are those of the program, and hold the defaults") {
    CHECK(committed("imshuttle.toml", documented()) == documented());
    CHECK(committed("imshuttle.schema.json", schema()) == schema());
    const auto loaded = parse(documented(), "imshuttle.toml");
    CHECK(loaded.problems.empty());
    CHECK(loaded.config == Config());
    CHECK(parse("", "").config == Config());
}

TEST_CASE("A configuration is refused with file, line, key and what would be right") {
    const auto only = [](const std::string& text) {
        const auto loaded = parse(text, "f.toml");
        REQUIRE(loaded.problems.size() == 1);
        return loaded.problems.front();
    };
    CHECK(only("[relay]\nnmae = \"x\"\n") == "f.toml:2: relay.nmae: is no key of this configuration");
    CHECK(only("[realy]\n") == "f.toml:1: realy: is no table of this configuration");
    CHECK(only("relay = 3\n") == "f.toml:1: relay: must be a table, written [relay]");
    CHECK(only("[limits]\nidle_seconds = 1\n") == "f.toml:2: limits.idle_seconds: 1 is out of range; allowed are 5 to 86400 seconds");
    CHECK(only("[limits]\nidle_seconds = \"1\"\n") ==
          "f.toml:2: limits.idle_seconds: must be a whole number; allowed are 5 to 86400 seconds");
    CHECK(only("[agents]\npublic_address = \"relay.example\"\n") ==
          "f.toml:2: agents.public_address: must be host and port, such as \"relay.example:443\"");
    CHECK(only("[agents]\nlisten = [\"nowhere\"]\n") == "f.toml:2: agents.listen: must be address and port, such as \"0.0.0.0:443\"");
    CHECK(only("[limits]\nbytes_per_second_per_token = 9\n") ==
          "f.toml:2: limits.bytes_per_second_per_token: 9 is out of range; allowed are 0 and 65536 to 100000000000 bytes a second");
    CHECK(parse("[limits]\nbytes_per_second_per_token = 0\n", "f.toml").problems.empty());
    CHECK(only("[sni]\nallow = [\"10.0.0.1/8\"]\n") ==
          "f.toml:2: sni.allow: must be a network such as \"192.0.2.0/24\" or \"2001:db8::/32\"");
    CHECK(only("[sni]\ndomain = \".Relay\"\n") ==
          "f.toml:2: sni.domain: must be a domain in small letters, such as \"agents.relay.example\"");
    CHECK(only("[relay]\nname = \"\"\n") == "f.toml:2: relay.name: must not be empty");
    CHECK(only("[relay]\nlog_level = \"loud\"\n") == "f.toml:2: relay.log_level: must be \"debug\", \"info\", \"warning\" or \"error\"");
    CHECK(only("[portal]\ncertificate = \"/a.pem\"\n") ==
          "f.toml: portal.certificate: a certificate and its key go together; set both or neither");
    CHECK(only("[relay\n").starts_with("f.toml:1: is not TOML: "));
}

TEST_CASE("Port 0 asks for a free one") {
    const auto loaded = parse("[agents]\nlisten = [\"127.0.0.1:0\", \"[::1]:0\"]\n", "f.toml");
    CHECK(loaded.problems.empty());
    CHECK(loaded.config.agents_listen.size() == 2);
}
