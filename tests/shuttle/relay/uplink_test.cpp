// What an uplink tells of itself, held against a real relay in this process.
#include "shuttle/io/uplink.hpp"

#include "shuttle/io/keys.hpp"
#include "shuttle/io/wait.hpp"
#include "shuttle/relay/relay.hpp"
#include "tests/support/play.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <catch2/catch.hpp>
#include <filesystem>

namespace asio = boost::asio;
namespace core = shuttle::core;
namespace io = shuttle::io;
using namespace shuttle::relay;
using namespace std::chrono_literals;

namespace {

constexpr const char* agent_id = "aaaaaaaaaaaa";

// A relay that knows nobody yet, and an agent that dials it.
struct Line {
    explicit Line(core::Duration healthy) {
        std::filesystem::create_directories(directory);
        config.agents_listen = config.portal_listen = {"127.0.0.1:0"};
        Material material{io::Key::make(), *io::make_self_signed("localhost"), *io::make_self_signed("localhost")};
        const auto relay_key = material.key->public_key();
        relay = std::make_unique<Relay>(network.get_executor(), config, std::move(material), open(), [](Level, const std::string&) {});
        play([this]() -> asio::awaitable<void> {
            HandedOver no_ports;
            const auto started = co_await relay->start(std::move(no_ports));
            if (!started) throw std::runtime_error(started.error());
        });
        io::DialTarget target;
        target.relay = *core::parse_host_port(relay->agents_listening().front());
        target.intent = {"relay", relay_key, agent_id, {}, "SRV1", "test"};
        target.key = key;
        target.proxy = "none";
        target.pool = pool.get_executor();
        core::BackoffPolicy policy;
        policy.base = policy.cap = policy.refused = 50ms;
        policy.healthy = healthy;
        uplink = std::make_unique<io::Uplink>(
            network.get_executor(), supervisor, std::move(target), nullptr, [](const auto&) {}, policy);
        auto run = [this]() { return uplink->run(); };
        supervisor.start("uplink", std::move(run));
    }
    ~Line() {
        uplink->stop();
        play([this]() -> asio::awaitable<void> {
            co_await relay->stop(0s);
            const auto left = co_await supervisor.stop(3s);
            for (const auto& job : left) WARN("would not end: " << job);
        });
        std::error_code ignored;
        std::filesystem::remove_all(directory, ignored);
    }

    [[nodiscard]] Registry open() const {
        auto registry = Registry::open((directory / "registry.db").string());
        REQUIRE(registry.has_value());
        return std::move(*registry);
    }
    void let_in() const {
        auto registry = open();
        AgentRecord agent;
        agent.id = agent_id;
        agent.group = "default";
        agent.key = key->public_key();
        REQUIRE(registry.add_join({core::JoinId{1}, {}, "default", unix_now() + 60}, "test", unix_now()).has_value());
        REQUIRE(*registry.enrol(core::JoinId{1}, agent, "test", unix_now()));
    }

    // Runs `test` and everything else until it returns; throws what it throws.
    template <class Test>
    void play(Test test) {
        imc::test::play(network, test);
    }
    template <class Condition>
    asio::awaitable<void> until(Condition holds) {
        bool go_on = true;
        while (go_on && !holds()) go_on = co_await io::pause(5ms);
    }
    [[nodiscard]] bool is(io::UplinkState state) const { return uplink->facts().state == state; }

    std::filesystem::path directory = std::filesystem::temp_directory_path() / ("imc-uplink-" + std::to_string(io::random_bits()));
    Config config;
    asio::io_context network{1};
    asio::thread_pool pool{1};
    io::Supervisor supervisor{network.get_executor(), [](const std::string& job, const std::string& what) { WARN(job << ": " << what); }};
    std::shared_ptr<const io::Key> key = io::Key::make();
    std::unique_ptr<Relay> relay;
    std::unique_ptr<io::Uplink> uplink;
};

}  // namespace

TEST_CASE("A tunnel that is lost before it was healthy does not make the time without one look short") {
    Line line(60s);
    const auto begun = line.uplink->facts().since;
    auto test = [&]() -> asio::awaitable<void> {
        co_await line.until([&] { return line.uplink->facts().refused; });
        line.let_in();
        co_await line.until([&] { return line.is(io::UplinkState::connected); });
        CHECK_FALSE(line.uplink->facts().healthy);
        CHECK(line.uplink->facts().failures > 0);
        co_await io::pause(1200ms);  // the clock of `since` counts seconds
        co_await line.relay->stop(0s);
        co_await line.until([&] { return !line.is(io::UplinkState::connected); });
        CHECK(line.uplink->facts().since == begun);
    };
    line.play(test);
}

TEST_CASE("A healthy tunnel counts: what failed before is forgotten, and without one is since its end") {
    Line line(0s);
    const auto begun = line.uplink->facts().since;
    auto test = [&]() -> asio::awaitable<void> {
        co_await line.until([&] { return line.uplink->facts().refused; });
        line.let_in();
        co_await line.until([&] { return line.is(io::UplinkState::connected); });
        CHECK(line.uplink->facts().healthy);
        CHECK(line.uplink->facts().failures == 0);
        co_await io::pause(1200ms);
        co_await line.relay->stop(0s);
        co_await line.until([&] { return !line.is(io::UplinkState::connected); });
        CHECK(line.uplink->facts().since > begun);
    };
    line.play(test);
}
