#include "agent/auth/gate.hpp"

#include "agent/auth/token.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

namespace asio = boost::asio;
using namespace imc::auth;
using imc::api::Credentials;
using imc::api::Principal;
using imc::api::Scope;
using Reasons = std::vector<std::string>;

namespace {

struct World {
    asio::io_context network{1};
    imc::store::UnixTime now = 1'000'000;
    Reasons reasons;
    std::vector<std::chrono::milliseconds::rep> pauses;
    asio::steady_timer held{network, asio::steady_timer::time_point::max()};
    bool hold = false;  // delayed logins stay delayed
    NewToken token = make_token("portal", "read", now, 0);
    NewToken operating = make_token("operator", "operate", now, now + 100);
    Gate gate{[this] { return now; }, [this](const std::string& from, const std::string& why) { reasons.push_back(from + " " + why); },
              [this](std::chrono::milliseconds pause) { return wait(pause); }};

    World() { gate.set_tokens({token.record, operating.record}); }

    asio::awaitable<void> wait(std::chrono::milliseconds pause) {
        pauses.push_back(pause.count());
        if (!hold) co_return;
        try {
            co_await held.async_wait(asio::use_awaitable);
        } catch (const boost::system::system_error&) {
            // how the test lets go
        }
    }

    void start(const std::string& authorization, std::vector<Principal>& into, const std::string& subject = {}) {
        auto login = gate.authenticate(Credentials{"192.0.2.1", authorization, subject});
        asio::co_spawn(network, std::move(login), [&into](std::exception_ptr, Principal who) { into.push_back(std::move(who)); });
        network.restart();
        network.poll();
    }

    Principal login(const std::string& authorization, const std::string& subject = {}) {
        std::vector<Principal> result;
        start(authorization, result, subject);
        REQUIRE(result.size() == 1);
        return result.front();
    }
};

}  // namespace

TEST_CASE("A known token gives its scope and its name, at once") {
    World world;
    const auto reader = world.login("Bearer " + world.token.secret);
    CHECK(reader.scope == Scope::read);
    CHECK(reader.id == world.token.record.id);
    CHECK(world.login("bearer   " + world.operating.secret).scope == Scope::operate);
    CHECK(world.pauses.empty());
    CHECK(world.reasons.empty());
}

TEST_CASE("Nobody is nobody and no failed login") {
    World world;
    CHECK(world.login("").scope == Scope::none);
    CHECK(world.pauses.empty());
    CHECK(world.reasons.empty());
}

TEST_CASE("Unknown, malformed, expired and revoked tokens are refused, each with its reason and never with the token") {
    World world;
    const auto stranger = make_token("x", "operate", 0, 0).secret;
    CHECK(world.login("Bearer " + stranger).scope == Scope::none);
    CHECK(world.login("Bearer nonsense").scope == Scope::none);
    CHECK(world.login("Bearer").scope == Scope::none);
    CHECK(world.login("Basic dXNlcjpwYXNz").scope == Scope::none);
    world.now += 100;
    CHECK(world.login("Bearer " + world.operating.secret).scope == Scope::none);
    world.token.record.revoked = world.now;
    world.gate.set_tokens({world.token.record});
    CHECK(world.login("Bearer " + world.token.secret).scope == Scope::none);
    CHECK(world.reasons == Reasons{"192.0.2.1 unknown token", "192.0.2.1 malformed token", "192.0.2.1 unknown authorization scheme",
                                   "192.0.2.1 unknown authorization scheme", "192.0.2.1 expired token " + world.operating.record.id,
                                   "192.0.2.1 revoked token " + world.token.record.id});
    CHECK(world.pauses == std::vector<std::chrono::milliseconds::rep>{250, 500, 1'000, 2'000, 4'000, 8'000});
}

TEST_CASE("The list is read once more before a well-formed token is refused as unknown, and only then") {
    World world;
    const auto fresh = make_token("fresh", "operate", world.now, 0);
    int read = 0;
    auto refresh = [&]() -> asio::awaitable<void> {
        if (++read == 1) world.gate.set_tokens({world.token.record, fresh.record});
        co_return;
    };
    world.gate.on_unknown_token(refresh);
    CHECK(world.login("Bearer nonsense").scope == Scope::none);
    CHECK(read == 0);
    CHECK(world.login("Bearer " + fresh.secret).scope == Scope::operate);
    CHECK(world.reasons == Reasons{"192.0.2.1 malformed token"});
    CHECK(world.login("Bearer " + fresh.secret).scope == Scope::operate);
    CHECK(read == 1);
    CHECK(world.login("Bearer " + make_token("x", "read", 0, 0).secret).scope == Scope::none);
    CHECK(read == 2);
}

TEST_CASE("A verified client certificate may read under its subject; a token beside it decides") {
    World world;
    const auto portal = world.login("", "CN=portal,O=Acme");
    CHECK(portal.scope == Scope::read);
    CHECK(portal.id == "cert:CN=portal,O=Acme");
    CHECK(world.login("Bearer " + world.operating.secret, "CN=portal").scope == Scope::operate);
    CHECK(world.login("Bearer nonsense", "CN=portal").scope == Scope::none);
}

TEST_CASE("A right token is not delayed, however often its address has failed, and few failures wait at once") {
    World world;
    world.hold = true;
    std::vector<Principal> answered;
    for (std::size_t k = 0; k < Gate::most_delayed; ++k) world.start("Bearer wrong", answered);
    CHECK(answered.empty());
    CHECK(world.login("Bearer " + world.token.secret).scope == Scope::read);
    CHECK(world.login("Bearer wrong").scope == Scope::none);
    CHECK(world.pauses.size() == Gate::most_delayed);
    world.held.cancel();
    world.network.restart();
    world.network.run();
    CHECK(answered.size() == Gate::most_delayed);
    world.hold = false;
    CHECK(world.login("Bearer wrong").scope == Scope::none);
    CHECK(world.pauses.size() == Gate::most_delayed + 1);
}

TEST_CASE("Only allowed networks are admitted, this computer always, and a bad list changes nothing") {
    World world;
    CHECK(world.gate.admits("127.0.0.1"));
    CHECK_FALSE(world.gate.admits("10.0.0.1"));
    REQUIRE(world.gate.allow({"10.0.0.0/8"}));
    CHECK(world.gate.admits("10.0.0.1"));
    CHECK_FALSE(world.gate.admits("192.0.2.1"));
    const auto refused = world.gate.allow({"192.0.2.0/24", "everyone"});
    REQUIRE(refused.has_error());
    CHECK(refused.error().find("everyone") != std::string::npos);
    CHECK(world.gate.admits("10.0.0.1"));
    CHECK_FALSE(world.gate.admits("192.0.2.1"));
    CHECK(world.gate.admits("::1"));
    CHECK(world.gate.admits("::ffff:127.0.0.1"));
    CHECK_FALSE(world.gate.admits("not an address"));
    REQUIRE(world.gate.allow({"::ffff:10.0.0.0/104", "fd00::/8"}));
    CHECK(world.gate.admits("10.1.2.3"));
    CHECK(world.gate.admits("::ffff:10.1.2.3"));
    CHECK_FALSE(world.gate.admits("11.1.2.3"));
    CHECK(world.gate.admits("fd12::1"));
}
