#include "shuttle/relay/registry.hpp"

#include "shuttle/io/keys.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace shuttle::relay;
namespace core = shuttle::core;

namespace {

// A registry in a directory of its own, which goes with it.
struct Scratch {
    Scratch() { std::filesystem::create_directories(directory); }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(directory, ignored);
    }
    Registry open() {
        auto registry = Registry::open((directory / "registry.db").string());
        REQUIRE(registry.has_value());
        return std::move(*registry);
    }
    std::filesystem::path directory =
        std::filesystem::temp_directory_path() / ("imc-registry-" + std::to_string(shuttle::io::random_bits()));
};

AgentRecord agent(const std::string& id) {
    AgentRecord record;
    record.id = id;
    record.key = core::PublicKey{7};
    record.group = "acme";
    record.host = "SRV1";
    record.joined = 100;
    return record;
}

}  // namespace

TEST_CASE("A join code lets one agent in, before it expires, and is gone then") {
    Scratch scratch;
    auto registry = scratch.open();
    REQUIRE(registry.add_join({core::JoinId{1}, core::Digest{2}, "acme", 200}, "test", 100).has_value());
    CHECK_FALSE(registry.find_join(core::JoinId{9}, 150)->has_value());
    CHECK_FALSE(registry.find_join(core::JoinId{1}, 200)->has_value());
    const auto found = registry.find_join(core::JoinId{1}, 199);
    REQUIRE(found->has_value());
    CHECK((*found)->key == core::Digest{2});
    CHECK((*found)->group == "acme");
    CHECK_FALSE(*registry.enrol(core::JoinId{1}, agent("alate"), "peer", 200));
    CHECK(*registry.enrol(core::JoinId{1}, agent("afirst"), "peer", 199));
    CHECK_FALSE(*registry.enrol(core::JoinId{1}, agent("asecond"), "peer", 199));
    CHECK_FALSE(registry.find_join(core::JoinId{1}, 150)->has_value());
    const auto all = registry.everything();
    REQUIRE(all->agents.size() == 1);
    CHECK(all->agents[0].id == "afirst");
    CHECK(all->agents[0].key == core::PublicKey{7});
    CHECK(*registry.audited() == 2);
}

TEST_CASE("An enrolment that cannot be written leaves the join code as it was") {
    Scratch scratch;
    auto registry = scratch.open();
    for (const core::Byte number : {core::Byte{1}, core::Byte{2}})
        REQUIRE(registry.add_join({core::JoinId{number}, core::Digest{2}, "acme", 200}, "test", 100).has_value());
    CHECK(*registry.enrol(core::JoinId{1}, agent("asame"), "peer", 150));
    CHECK_FALSE(registry.enrol(core::JoinId{2}, agent("asame"), "peer", 150).has_value());  // the id is taken
    CHECK(registry.find_join(core::JoinId{2}, 150)->has_value());
}

TEST_CASE("What another process changes is noticed by the version") {
    Scratch scratch;
    auto here = scratch.open();
    auto there = scratch.open();
    const auto before = *here.version();
    REQUIRE(there.add_token({"t1", "portal", core::Digest{1}, {"acme", "globex"}, 100, 0, 0}, "test", 100).has_value());
    CHECK(*here.version() != before);
    const auto all = here.everything();
    REQUIRE(all->tokens.size() == 1);
    CHECK(all->tokens[0].groups == std::vector<std::string>{"acme", "globex"});
    CHECK(*there.revoke_token("t1", "test", 101));
    CHECK_FALSE(*there.revoke_token("t1", "test", 102));
    CHECK_FALSE(*there.revoke_agent("nobody", "test", 102));
    CHECK(here.everything()->tokens[0].revoked == 101);
    REQUIRE(there.want_drain("test", 103).has_value());
    REQUIRE(there.want_drain("test", 104).has_value());
    CHECK(here.everything()->drain_wanted == 104);
}

TEST_CASE("A file that is no registry is told by its name") {
    Scratch scratch;
    const auto opened = Registry::open((scratch.directory / "none" / "registry.db").string());
    REQUIRE(opened.has_error());
    CHECK(opened.error().find("registry.db") != std::string::npos);
}
