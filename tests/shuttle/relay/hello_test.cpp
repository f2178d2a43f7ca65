// Who is meant by the first bytes of a connection, and who may come that way.
#include "relay_world.hpp"
#include "shuttle/relay/allow_list.hpp"
#include "shuttle/relay/client_hello.hpp"

#include <array>
#include <random>
#include <vector>

using namespace shuttle::relay;
using relay_world::client_hello;
using Kind = HelloName::Kind;

namespace {

// The same message in records of at most `size` bytes.
std::vector<std::uint8_t> cut(const std::vector<std::uint8_t>& bytes, std::size_t size) {
    std::vector<std::uint8_t> out;
    for (std::size_t at = 5; at < bytes.size(); at += size) {
        const auto here = std::min(size, bytes.size() - at);
        out.insert(out.end(), {22, 3, 1, static_cast<std::uint8_t>(here >> 8U), static_cast<std::uint8_t>(here)});
        out.insert(out.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(at + here));
    }
    return out;
}

}  // namespace

TEST_CASE("The name in a ClientHello is found, whatever the version and however it is cut") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        const auto bytes = client_hello("A3k7Q2m9.Relay.Example", version);
        const auto found = name_in(bytes);
        CHECK(found.kind == Kind::name);
        CHECK(found.name == "a3k7q2m9.relay.example");
        for (const std::size_t size : {1U, 7U, 100U}) CHECK(name_in(cut(bytes, size)).name == "a3k7q2m9.relay.example");
    }
    CHECK(name_in(client_hello(nullptr)).kind == Kind::none);
}

TEST_CASE("A ClientHello that has not ended is waited for, and other bytes are not") {
    const auto bytes = client_hello("a.relay.example");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        INFO(size);
        CHECK(name_in(std::span(bytes).first(size)).kind == Kind::more);
    }
    const std::string plain = "CONNECT a:443 HTTP/1.1\r\n\r\n";
    CHECK(name_in({reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size()}).kind == Kind::none);
    CHECK(name_in(std::array<std::uint8_t, 3>{21, 3, 1}).kind == Kind::none);
    CHECK(name_in(std::array<std::uint8_t, 6>{22, 3, 1, 0, 10, 2}).kind == Kind::none);               // another message
    CHECK(name_in(std::array<std::uint8_t, 5>{22, 3, 1, 0xFF, 0xFF}).kind == Kind::none);             // no record is that long
    CHECK(name_in(std::array<std::uint8_t, 9>{22, 3, 1, 0, 100, 1, 0xFF, 0, 0}).kind == Kind::none);  // nor any hello
    // One that never ends is given up.
    std::vector<std::uint8_t> endless = {22, 3, 1, 0, 4, 1, 0, 0x3F, 0xFF};
    while (endless.size() < longest_hello) endless.insert(endless.end(), {22, 3, 1, 0, 1, 0});
    CHECK(name_in(std::span(endless).first(1000)).kind == Kind::more);
    CHECK(name_in(endless).kind == Kind::none);
}

TEST_CASE("Bytes that were changed or cut give a name, none or more, and nothing else happens") {
    const auto bytes = client_hello("a3k7q2m9.relay.example");
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        auto changed = bytes;
        for (unsigned k = 0; k < 1 + random() % 4; ++k) changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
        changed.resize(1 + random() % changed.size());
        const auto found = name_in(changed);
        CHECK((found.kind == Kind::name) == !found.name.empty());
        for (const char c : found.name) CHECK((c > 0x20 && c < 0x7F));
    }
}

TEST_CASE("An allow-list knows networks and addresses of both families, and takes nothing that could be meant differently") {
    const auto list = AllowList::parse({"192.0.2.0/24", "198.51.100.7", "2001:db8::/32"});
    REQUIRE(list.has_value());
    for (const auto* inside : {"192.0.2.1", "192.0.2.255", "198.51.100.7", "2001:db8::1", "2001:db8:ffff::", "::ffff:192.0.2.9"}) {
        INFO(inside);
        CHECK(list->contains(inside));
    }
    for (const auto* outside : {"192.0.3.1", "198.51.100.8", "2001:db9::1", "::1", "", "nonsense"}) {
        INFO(outside);
        CHECK_FALSE(list->contains(outside));
    }
    CHECK(AllowList::parse({"0.0.0.0/0"})->contains("203.0.113.1"));
    CHECK_FALSE(AllowList::parse({})->contains("127.0.0.1"));
    for (const std::string wrong :
         {"", "10.0.0", "10.0.0.1/8", "10.0.0.0/33", "0x0a.0.0.0/8", "2001:db8::1/32", "portal.example", "10.0.0.0/8 ", "/8"}) {
        INFO(wrong);
        const auto refused = AllowList::parse({"192.0.2.0/24", wrong});
        REQUIRE(refused.has_error());
        CHECK(refused.error() == wrong);
    }
}

namespace {

constexpr std::array<std::uint8_t, 7> alert = {21, 3, 3, 0, 2, 2, 112};

bool is_alert(const std::vector<std::uint8_t>& bytes) {
    return std::equal(bytes.begin(), bytes.end(), alert.begin(), alert.end());
}

void pass_through(Config& config) {
    config.sni_domain = "relay.test";
    config.sni_allow = {"127.0.0.0/8"};
    config.sni_groups = {"acme"};
    config.arrival_seconds = 0;
}

}  // namespace

TEST_CASE("TLS that names an agent goes to it as it is, and to no agent of another group") {
    relay_world::World world(pass_through);
    world.know("acme", "acme");
    world.know("globex", "globex");
    world.dial("acme");
    world.dial("globex");
    world.play([&]() -> boost::asio::awaitable<void> {
        co_await world.until([&] { return world.relay().switchboard().sessions().size() == 2; });
        const auto bytes = client_hello("ACME.relay.test");
        const auto first = world.visitor();
        auto echoed = co_await first->exchange(bytes, bytes.size());
        CHECK(echoed == bytes);
        first->leave();
        for (const auto* name : {"globex.relay.test", "nobody.relay.test", "x.acme.relay.test", ".relay.test"}) {
            INFO(name);
            const auto other = world.visitor();
            echoed = co_await other->exchange(client_hello(name), 100);
            CHECK(is_alert(echoed));
        }
    });
    CHECK(world.relay().switchboard().counters.sni_streams == 1);
    CHECK(world.relay().switchboard().counters.sni_refused == 4);
}

TEST_CASE("Where TLS is passed through, CONNECT works as ever, with another name and without") {
    relay_world::World world(pass_through);
    world.know("acme", "acme");
    world.dial("acme");
    const auto token = world.token("portal");
    world.play([&]() -> boost::asio::awaitable<void> {
        co_await world.until([&] { return world.relay().switchboard().sessions().size() == 1; });
        for (const std::string name : {"", "relay.test", "acme.other.test"}) {
            INFO(name);
            const auto visitor = world.visitor();
            const auto answer = co_await visitor->ask(relay_world::World::connect("acme", token), name);
            CHECK(answer.starts_with("HTTP/1.1 200 "));
        }
    });
}

TEST_CASE("Nothing is passed through to who comes from elsewhere, nor where nothing is configured") {
    relay_world::World strict([](Config& config) {
        pass_through(config);
        config.sni_allow = {"192.0.2.0/24"};
    });
    relay_world::World off;
    for (auto* world : {&strict, &off}) {
        world->know("acme", "acme");
        world->dial("acme");
        world->play([&]() -> boost::asio::awaitable<void> {
            co_await world->until([&] { return world->relay().switchboard().sessions().size() == 1; });
            const auto bytes = client_hello("acme.relay.test");
            const auto visitor = world->visitor();
            // The one is refused, the other speaks TLS itself.
            const auto got = co_await visitor->exchange(bytes, 7);
            CHECK(is_alert(got) == (world == &strict));
            CHECK(got != std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + 7));
            visitor->leave();
        });
        CHECK(world->relay().switchboard().counters.sni_streams == 0);
    }
}
