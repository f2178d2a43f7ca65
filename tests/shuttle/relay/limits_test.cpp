// What one agent or token may at most: connections, connections a second, bytes a second.
#include "relay_world.hpp"
#include "shuttle/relay/quota.hpp"

namespace asio = boost::asio;
namespace core = shuttle::core;
using namespace relay_world;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A meter lets a burst pass at once, then evenly, and says how long to wait") {
    shuttle::relay::Meter meter;
    const core::TimePoint begin{1h};
    CHECK(meter.until(1e9, begin) == 0s);
    meter.set(2, 4);
    for (int event = 0; event < 4; ++event) {
        CHECK(meter.until(1, begin) == 0s);
        meter.take(1, begin);
    }
    CHECK(meter.until(1, begin) == 500ms);
    CHECK(meter.until(2, begin) == 1s);
    CHECK(meter.until(1, begin + 499ms) == 1ms);
    CHECK(meter.until(1, begin + 500ms) == 0s);
    meter.take(1, begin + 500ms);
    CHECK(meter.until(1, begin + 500ms) == 500ms);
    // What was not used for long is no more than a burst.
    CHECK(meter.until(4, begin + 1h) == 0s);
    CHECK(meter.until(5, begin + 1h) == 500ms);
    // Another rate begins afresh; the same one does not.
    meter.set(2, 4);
    CHECK(meter.until(1, begin + 500ms) == 500ms);
    meter.set(1, 1);
    CHECK(meter.until(1, begin + 500ms) == 0s);
}

TEST_CASE("A quota is the agent's own where it has one, else everybody's, and goes with the agent") {
    shuttle::relay::Quotas quotas({8, 100, 0});
    std::vector<shuttle::relay::AgentRecord> records(2);
    records[0].id = "a";
    records[1].id = "b";
    records[1].allowance = {3, 0, 70'000};
    quotas.learn(records);
    CHECK(quotas.of("a")->most_streams == 8);
    CHECK_FALSE(quotas.of("a")->down.limits());
    const auto kept = quotas.of("b");
    CHECK(kept->most_streams == 3);
    CHECK(kept->down.limits());
    kept->streams = 3;
    CHECK(shuttle::relay::may_connect(*kept, core::TimePoint{1h}).why == shuttle::relay::Allowed::Why::streams);
    records[1].allowance = {};
    quotas.learn(records);
    CHECK(quotas.of("b") == kept);
    CHECK(kept->most_streams == 8);
    records.pop_back();
    quotas.learn(records);
    CHECK(quotas.all().size() == 1);
}

TEST_CASE("More connections in a second than a token may are refused with when to come back, and others go on") {
    World world;
    world.know("acme");
    world.dial("acme");
    const auto hasty = world.token("hasty", {0, 2, 0});
    const auto calm = world.token("calm");
    world.play([&]() -> asio::awaitable<void> {
        std::vector<std::unique_ptr<Visitor>> kept;
        std::vector<std::string> answers;
        for (int go = 0; go < 4; ++go) {
            kept.push_back(world.visitor());
            answers.push_back(co_await kept.back()->ask(World::connect("acme", hasty)));
        }
        CHECK(has(answers[0], " 200 "));
        CHECK(has(answers[1], " 200 "));
        CHECK(has(answers[3], " 429 "));
        CHECK(has(answers[3], "Retry-After: 1\r\n"));
        const auto other = world.visitor();
        const auto answer = co_await other->ask(World::connect("acme", calm));
        CHECK(has(answer, " 200 "));
    });
    CHECK(world.relay().switchboard().counters.over_connects >= 1);
    CHECK(has(world.relay().metrics(), "imshuttle_token_refusals_total{token=\"t1\"} "));
}

TEST_CASE("As many connections as an agent may have are open at once, and one that ends makes room") {
    World world;
    world.know("acme", "default", {2, 0, 0});
    world.dial("acme");
    const auto token = world.token("portal");
    world.play([&]() -> asio::awaitable<void> {
        const auto first = world.visitor(), second = world.visitor(), third = world.visitor(), fourth = world.visitor();
        auto answer = co_await first->ask(World::connect("acme", token));
        CHECK(has(answer, " 200 "));
        answer = co_await second->ask(World::connect("acme", token));
        CHECK(has(answer, " 200 "));
        answer = co_await third->ask(World::connect("acme", token));
        CHECK(has(answer, " 429 "));
        CHECK(has(answer, "Retry-After: "));
        first->leave();
        co_await world.until([&] { return world.relay().switchboard().streams() == 1; });
        answer = co_await fourth->ask(World::connect("acme", token));
        CHECK(has(answer, " 200 "));
    });
    CHECK(world.relay().switchboard().counters.over_streams == 1);
}

TEST_CASE("A token's bytes a second hold up whoever sends more, and are gathered nowhere") {
    constexpr std::int64_t rate = 200'000;
    constexpr std::size_t burst = 65'536, piece = 16'384, much = 32u << 20;
    World world;
    world.know("acme");
    world.dial("acme");
    const auto token = world.token("portal", {0, 0, rate});
    world.play([&]() -> asio::awaitable<void> {
        const auto portal = world.visitor();
        const auto answer = co_await portal->ask(World::connect("acme", token));
        REQUIRE(has(answer, " 200 "));
        const auto begun = std::chrono::steady_clock::now();
        std::size_t sent = 0;
        bool over = false;
        auto send = [&]() -> asio::awaitable<void> {
            const std::vector<std::uint8_t> bytes(65'536, 7);
            while (sent < much) {
                const auto failed = co_await portal->transport().write(bytes);
                if (failed) break;
                sent += bytes.size();
            }
            over = true;
        };
        auto ended = [](std::exception_ptr) {};
        asio::co_spawn(world.network, send(), ended);
        co_await world.until([&] { return world.heard() > burst + 3 * piece; });
        const auto passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        // What has passed is no more than the limit allows; the rest waits at the sender, who is held up.
        CHECK(static_cast<double>(world.heard()) <= static_cast<double>(rate) * passed + static_cast<double>(burst + 2 * piece));
        CHECK_FALSE(over);
        CHECK(sent < much);
        portal->leave();
        co_await world.until([&] { return over; });
        co_await world.until([&] { return world.relay().switchboard().streams() == 0; });
    });
    CHECK(world.relay().switchboard().token_quotas().all().at("t1")->held_up > 0s);
}

TEST_CASE("What an agent sends is held up by its own bytes a second, for all tokens together") {
    constexpr std::int64_t rate = 150'000;
    constexpr std::size_t burst = 65'536, piece = 16'384, each = 150'000;
    World world;
    world.know("acme", "default", {0, 0, rate});
    world.dial("acme");
    const auto one = world.token("one"), two = world.token("two");
    std::size_t got = 0;
    world.play([&]() -> asio::awaitable<void> {
        const auto begun = std::chrono::steady_clock::now();
        unsigned ended = 0;
        const auto fetch = [&](std::string token) -> asio::awaitable<void> {
            const auto portal = world.visitor();
            const auto answer = co_await portal->ask(World::connect("acme", token));
            REQUIRE(has(answer, " 200 "));
            const std::vector<std::uint8_t> bytes(each, 7);
            auto send = [&]() -> asio::awaitable<void> {
                const auto failed = co_await portal->transport().write(bytes);
                CHECK_FALSE(failed);
            };
            bool sent = false;
            auto told = [&sent](std::exception_ptr) { sent = true; };
            asio::co_spawn(world.network, send(), told);
            std::array<std::uint8_t, 16'384> buffer{};
            for (std::size_t mine = 0; mine < each;) {
                const auto more = co_await portal->transport().read(buffer);
                REQUIRE(more.has_value());
                mine += *more;
                got += *more;
            }
            co_await world.until([&] { return sent; });
            ++ended;
        };
        auto over = [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        };
        asio::co_spawn(world.network, fetch(one), over);
        asio::co_spawn(world.network, fetch(two), over);
        co_await world.until([&] { return ended == 2; });
        const auto passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
        CHECK(static_cast<double>(got) <= static_cast<double>(rate) * passed + static_cast<double>(burst + 2 * piece));
    });
    CHECK(got == 2 * each);
}

TEST_CASE("An agent that is about to come is waited for, and one that is away is told as such") {
    World world([](shuttle::relay::Config& config) { config.arrival_seconds = 30; });
    world.know("acme");
    const auto token = world.token("portal");
    world.play([&]() -> asio::awaitable<void> {
        const auto early = world.visitor();
        std::string answer;
        bool answered = false;
        auto ask = [&]() -> asio::awaitable<void> {
            answer = co_await early->ask(World::connect("acme", token));
            answered = true;
        };
        auto ended = [](std::exception_ptr) {};
        asio::co_spawn(world.network, ask(), ended);
        co_await world.until([&] { return world.relay().switchboard().counters.portal_connections == 1; });
        world.dial("acme");
        co_await world.until([&] { return answered; });
        CHECK(has(answer, " 200 "));
    });
    World strict([](shuttle::relay::Config& config) { config.arrival_seconds = 0; });
    strict.know("acme");
    const auto other = strict.token("portal");
    strict.play([&]() -> asio::awaitable<void> {
        const auto visitor = strict.visitor();
        const auto answer = co_await visitor->ask(World::connect("acme", other));
        CHECK(has(answer, " 503 "));
        CHECK(has(answer, "Retry-After: 5\r\n"));
    });
}
