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
    REQUIRE(there.add_token({"t1", "portal", core::Digest{1}, {"acme", "globex"}, 100, 0, 0, {}}, "test", 100).has_value());
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

namespace {

HookRecord hook(const std::string& id, std::vector<std::string> events) {
    HookRecord record;
    record.id = id;
    record.url = "https://portal.example/";
    record.secret = "sixteen-letters!";
    record.events = std::move(events);
    record.created = 100;
    return record;
}

Message event(const std::string& agent, const std::string& kind, std::int64_t at) {
    Message message;
    message.id = "evt_" + agent + kind + std::to_string(at);
    message.kind = kind;
    message.agent = agent;
    message.at = at;
    message.body = "{}";
    return message;
}

}  // namespace

TEST_CASE("What single agents and tokens may is kept, shown with them, and taken back") {
    Scratch scratch;
    auto registry = scratch.open();
    TokenRecord token;
    token.id = "t1";
    token.sha256 = core::Digest{3};
    token.allowance = {1, 2, 70'000};
    REQUIRE(registry.add_token(token, "test", 100).has_value());
    CHECK(registry.everything()->tokens[0].allowance == Allowance{1, 2, 70'000});
    CHECK(*registry.allow("token", "t1", {0, 9, 0}, "test", 101));
    CHECK(scratch.open().everything()->tokens[0].allowance == Allowance{0, 9, 0});
    CHECK(*registry.allow("token", "t1", {}, "test", 102));
    CHECK(registry.everything()->tokens[0].allowance == Allowance{});
    CHECK_FALSE(*registry.allow("token", "tnone", {1, 1, 1}, "test", 103));
    CHECK_FALSE(*registry.allow("agent", "t1", {1, 1, 1}, "test", 104));
}

TEST_CASE("Events wait for each webhook that wants them, in order, across a restart") {
    Scratch scratch;
    {
        auto registry = scratch.open();
        REQUIRE(registry.add_hook(hook("w1", {"online", "offline"}), "test", 100).has_value());
        REQUIRE(registry.add_hook(hook("w2", {"flapping"}), "test", 100).has_value());
        REQUIRE(registry.tell({event("a", "offline", 200), event("b", "flapping", 200)}).has_value());
        REQUIRE(registry.tell({event("a", "online", 300)}).has_value());
    }
    auto registry = scratch.open();
    CHECK(registry.told()->size() == 2);
    auto next = registry.next_message("w1", 300);
    REQUIRE(next->has_value());
    CHECK((*next)->kind == "offline");
    REQUIRE(registry.attempted("w1", **next, "500", false, 301).has_value());
    next = registry.next_message("w1", 302);
    CHECK((*next)->kind == "offline");
    CHECK((*next)->attempts == 1);
    REQUIRE(registry.attempted("w1", **next, "204", true, 303).has_value());
    next = registry.next_message("w1", 304);
    CHECK((*next)->kind == "online");
    CHECK((*registry.next_message("w2", 304))->agent == "b");
    const auto all = registry.hooks();
    REQUIRE(all->size() == 2);
    CHECK((*all)[0].waiting == 1);
    CHECK((*all)[0].delivered == 1);
    CHECK((*all)[0].failed == 1);
    CHECK((*all)[0].last_outcome == "204");
    CHECK(registry.deliveries("w1", 10)->size() == 2);
    CHECK(registry.deliveries("w1", 10)->front().outcome == "204");
    CHECK(*registry.remove_hook("w1", "test", 400));
    CHECK_FALSE(*registry.remove_hook("w1", "test", 400));
    CHECK_FALSE(registry.next_message("w1", 401)->has_value());
    CHECK_FALSE(*registry.queue("w1", event("", "test", 401)));
}

TEST_CASE("What waits for a webhook is bounded in number and in time, and what is dropped is counted") {
    Scratch scratch;
    auto registry = scratch.open();
    REQUIRE(registry.add_hook(hook("w1", {"online"}), "test", 100).has_value());
    std::vector<Message> many;
    for (std::int64_t k = 0; k < Registry::most_waiting + 5; ++k) many.push_back(event("a", "online", 1'000 + k));
    REQUIRE(registry.tell(many).has_value());
    CHECK((*registry.hooks())[0].waiting == Registry::most_waiting);
    CHECK((*registry.hooks())[0].dropped == 5);
    CHECK((*registry.next_message("w1", 1'000))->at == 1'005);
    // All but the last are older than the longest wait.
    const auto later = 1'000 + Registry::most_waiting + 4 + Registry::longest_wait;
    CHECK((*registry.next_message("w1", later))->at == 1'000 + Registry::most_waiting + 4);
    CHECK((*registry.hooks())[0].waiting == 1);
    CHECK((*registry.hooks())[0].dropped == Registry::most_waiting + 4);
    CHECK(registry.deliveries("w1", 10)->front().outcome == "given up");
}
