#include "agent/engine/growing_pool.hpp"

#include "agent/engine/abandon.hpp"
#include "tests/support/play.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <optional>

using imc::engine::abandonable;
using imc::engine::GrowingPool;

namespace {

// Runs `work` with its place, as abandonable() does.
template <class Work>
void begin(GrowingPool& pool, Work work) {
    auto place = pool.place();
    const auto executor = place.executor();
    boost::asio::post(executor, [held = std::move(place), f = std::move(work)]() mutable { f(); });
}

}  // namespace

TEST_CASE("work goes on beside threads that hang, as far as the pool may grow") {
    std::promise<void> released;
    const auto release = released.get_future().share();
    std::promise<void> done, late;
    {
        GrowingPool pool(3);
        CHECK(pool.threads() == 0);
        begin(pool, [release] { release.wait(); });
        begin(pool, [release] { release.wait(); });
        begin(pool, [&done, release] {
            done.set_value();
            release.wait();
        });
        CHECK(done.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
        begin(pool, [&late] { late.set_value(); });
        CHECK(pool.threads() == 3);
        auto finished = late.get_future();
        CHECK(finished.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout);
        released.set_value();
        CHECK(finished.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    }
}

TEST_CASE("work that comes one after the other needs one thread, however much it is") {
    boost::asio::io_context network{1};
    GrowingPool pool(8);
    std::size_t done = 0;
    auto all = [&]() -> boost::asio::awaitable<void> {
        for (int i = 0; i < 100; ++i) {
            auto work = [i] { return i; };
            const auto got = co_await abandonable(std::chrono::seconds(30), pool.place(), std::make_shared<bool>(false), std::move(work));
            if (got == i) ++done;
        }
    };
    imc::test::play(network, all);
    CHECK(done == 100);
    CHECK(pool.threads() == 1);
}

TEST_CASE("a pool that is stopped begins nothing any more") {
    GrowingPool pool(2);
    pool.stop();
    bool ran = false;
    begin(pool, [&ran] { ran = true; });
    CHECK_FALSE(ran);
}
