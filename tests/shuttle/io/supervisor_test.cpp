#include "shuttle/io/supervisor.hpp"

#include "shuttle/io/wait.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <stdexcept>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using shuttle::io::OnFailure;
using shuttle::io::Supervisor;

namespace {

using Lines = std::vector<std::string>;

struct World {
    asio::io_context network{1};
    Lines log;
    Supervisor supervisor{network.get_executor(),
                          [this](const std::string& job, const std::string& what) { log.push_back(job + ": " + what); }};
    Lines left{"not stopped"};

    void stop(std::chrono::milliseconds deadline = 5s) {
        auto stopping = [this, deadline]() -> asio::awaitable<void> { left = co_await supervisor.stop(deadline); };
        asio::co_spawn(network, stopping(), [](std::exception_ptr) {});
        network.run();
        network.restart();
    }
};

}  // namespace

TEST_CASE("A job that ends is forgotten without a word") {
    World world;
    bool ran = false;
    world.supervisor.start("one", [&ran]() -> asio::awaitable<void> {
        ran = true;
        co_return;
    });
    CHECK(world.supervisor.running() == Lines{"one"});
    world.network.run();
    CHECK(ran);
    CHECK(world.supervisor.running().empty());
    CHECK(world.log.empty());
}

TEST_CASE("A failing job is logged by its name and does not disturb others") {
    World world;
    bool other = false;
    world.supervisor.start("bad", []() -> asio::awaitable<void> {
        co_await shuttle::io::pause(1ms);
        throw std::runtime_error("it broke");
    });
    world.supervisor.start("good", [&other]() -> asio::awaitable<void> { other = co_await shuttle::io::pause(5ms); });
    world.network.run();
    CHECK(other);
    CHECK(world.log == Lines{"bad: it broke"});
}

TEST_CASE("A job that stops all calls for it once it failed") {
    World world;
    int called = 0;
    world.supervisor.on_stop_all([&called] { ++called; });
    auto fail = []() -> asio::awaitable<void> {
        throw std::runtime_error("no port");
        co_return;
    };
    world.supervisor.start("server", fail, OnFailure::stop_all);
    world.network.run();
    CHECK(called == 1);
    CHECK(world.log == Lines{"server: no port"});
}

TEST_CASE("A job to be restarted runs again after its failure, until the stop") {
    World world;
    int runs = 0;
    auto loop = [&runs, &world]() -> asio::awaitable<void> {
        if (++runs == 2) {
            co_await shuttle::io::pause(1h);
            co_return;
        }
        co_await shuttle::io::pause(1ms);
        throw std::runtime_error("first try");
    };
    world.supervisor.start("loop", loop, OnFailure::restart);
    while (runs < 2) world.network.run_one_for(5s);
    CHECK(world.supervisor.running() == Lines{"loop"});
    world.stop();
    CHECK(runs == 2);
    CHECK(world.left.empty());
    CHECK(world.log == Lines{"loop: first try"});
}

TEST_CASE("Stopping cancels the newest job first and waits for all") {
    World world;
    Lines ended;
    for (const std::string name : {"a", "b", "c"}) {
        world.supervisor.start(name, [name, &ended]() -> asio::awaitable<void> {
            co_await shuttle::io::pause(1h);
            ended.push_back(name);
        });
    }
    world.network.poll();
    world.stop();
    CHECK(ended == Lines{"c", "b", "a"});
    CHECK(world.left.empty());
    CHECK(world.log.empty());
    CHECK(world.supervisor.stopping());
}

TEST_CASE("A stop names the jobs that still run at its deadline") {
    World world;
    asio::steady_timer stubborn(world.network, 200ms);
    world.supervisor.start("stubborn", [&stubborn]() -> asio::awaitable<void> {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        co_await stubborn.async_wait(asio::use_awaitable);
    });
    world.supervisor.start("polite", []() -> asio::awaitable<void> { co_await shuttle::io::pause(1h); });
    world.network.poll();
    world.stop(20ms);
    CHECK(world.left == Lines{"stubborn"});
}

TEST_CASE("Nothing starts once the stop has begun, and a job cancelled before its first step never takes it") {
    World world;
    bool stepped = false;
    world.supervisor.start("early", [&stepped]() -> asio::awaitable<void> {
        if (co_await shuttle::io::pause(1h)) stepped = true;
    });
    world.stop();
    world.supervisor.start("late", [&stepped]() -> asio::awaitable<void> {
        stepped = true;
        co_return;
    });
    world.network.restart();
    world.network.run();
    CHECK_FALSE(stepped);
    CHECK(world.left.empty());
}

TEST_CASE("A stop with nothing running is immediate") {
    World world;
    world.stop(1h);
    CHECK(world.left.empty());
}
