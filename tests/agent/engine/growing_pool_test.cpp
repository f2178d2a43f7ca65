#include "agent/engine/growing_pool.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>
#include <future>

using imc::engine::GrowingPool;

TEST_CASE("work goes on beside threads that hang, as far as the pool may grow") {
    std::promise<void> released;
    const auto release = released.get_future().share();
    std::promise<void> done;
    {
        GrowingPool pool(1, 3);
        boost::asio::post(pool.get_executor(), [release] { release.wait(); });
        boost::asio::post(pool.get_executor(), [release] { release.wait(); });
        boost::asio::post(pool.get_executor(), [&done] { done.set_value(); });
        auto finished = done.get_future();
        CHECK(finished.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout);
        pool.grow_to(2);
        pool.grow_to(7);
        CHECK(pool.threads() == 3);
        CHECK(finished.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
        released.set_value();
    }
}

TEST_CASE("a pool that is stopped begins nothing any more") {
    GrowingPool pool(1, 2);
    pool.grow_to(2);
    pool.stop();
    bool ran = false;
    boost::asio::post(pool.get_executor(), [&ran] { ran = true; });
    pool.grow_to(2);
    CHECK_FALSE(ran);
}
