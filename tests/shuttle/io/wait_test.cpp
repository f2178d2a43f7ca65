#include "shuttle/io/wait.hpp"

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

template <class T>
struct Outcome {
    std::exception_ptr failure;
    T value{};
};

template <class T>
Outcome<T> run(asio::io_context& network, asio::awaitable<T> coroutine) {
    Outcome<T> outcome;
    asio::co_spawn(network, std::move(coroutine), [&outcome](std::exception_ptr failure, T value) {
        outcome.failure = failure;
        outcome.value = std::move(value);
    });
    network.run();
    return outcome;
}

asio::awaitable<std::unique_ptr<int>> number_after(std::chrono::milliseconds delay) {
    co_await shuttle::io::pause(delay);
    co_return std::make_unique<int>(7);
}

asio::awaitable<void> nothing_after(std::chrono::milliseconds delay) {
    co_await shuttle::io::pause(delay);
}

asio::awaitable<int> failing() {
    throw std::runtime_error("no luck");
    co_return 0;
}

}  // namespace

TEST_CASE("A wait within its limit gives the result, even one that can only be moved") {
    asio::io_context network{1};
    const auto outcome = run(network, shuttle::io::within(1h, number_after(1ms)));
    REQUIRE(outcome.value);
    CHECK(**outcome.value == 7);
}

TEST_CASE("A wait beyond its limit gives nothing and is cancelled") {
    asio::io_context network{1};
    const auto outcome = run(network, shuttle::io::within(1ms, number_after(1h)));
    CHECK_FALSE(outcome.failure);
    CHECK_FALSE(outcome.value);
}

TEST_CASE("A wait for nothing tells whether it ended in time") {
    asio::io_context network{1};
    CHECK(run(network, shuttle::io::within(1h, nothing_after(1ms))).value);
    network.restart();
    CHECK_FALSE(run(network, shuttle::io::within(1ms, nothing_after(1h))).value);
}

TEST_CASE("What a limited operation throws arrives at once, not at the limit") {
    asio::io_context network{1};
    const auto outcome = run(network, shuttle::io::within(1h, failing()));
    REQUIRE(outcome.failure);
    CHECK_THROWS_WITH(std::rethrow_exception(outcome.failure), "no luck");
}

TEST_CASE("Work on a pool runs on another thread and comes back with its value or its exception") {
    asio::io_context network{1};
    asio::thread_pool pool{1};
    const auto here = std::this_thread::get_id();
    std::thread::id there;
    std::thread::id back;
    auto trip = [&]() -> asio::awaitable<int> {
        auto work = [&there] {
            there = std::this_thread::get_id();
            return 5;
        };
        const int value = co_await shuttle::io::on(pool.get_executor(), work);
        back = std::this_thread::get_id();
        co_await shuttle::io::on(pool.get_executor(), [] {});
        auto fail = []() -> int { throw std::runtime_error("disk"); };
        co_return value + co_await shuttle::io::on(pool.get_executor(), fail);
    };
    const auto outcome = run(network, trip());
    REQUIRE(outcome.failure);
    CHECK_THROWS_WITH(std::rethrow_exception(outcome.failure), "disk");
    CHECK(there != here);
    CHECK(back == here);
}

TEST_CASE("Work that has begun comes back although its pool is stopped meanwhile") {
    asio::io_context network{1};
    asio::thread_pool pool{1};
    auto stop_then_answer = [&pool] {
        pool.stop();
        return 7;
    };
    const auto outcome = run(network, shuttle::io::on(pool.get_executor(), std::move(stop_then_answer)));
    CHECK(outcome.value == 7);
    pool.join();
}

TEST_CASE("Whoever waits for a pool may be cancelled at any moment; the work is finished first") {
    asio::io_context network{1};
    asio::thread_pool pool{2};
    constexpr int trips = 3'000;
    std::atomic<int> finished{0};
    int ended = 0;
    for (int k = 0; k < trips; ++k) {
        asio::cancellation_signal cancel;
        auto trip = [&]() -> asio::awaitable<void> {
            auto work = [&finished] { ++finished; };
            co_await shuttle::io::on(pool.get_executor(), work);
        };
        asio::co_spawn(network, trip(), asio::bind_cancellation_slot(cancel.slot(), [&ended](std::exception_ptr) { ++ended; }));
        // The trip is at its start, on the pool, or on its way back when this comes.
        asio::post(network, [&cancel, k] {
            for (int yields = k % 8; yields > 0; --yields) std::this_thread::yield();
            cancel.emit(asio::cancellation_type::terminal);
        });
        network.restart();
        network.run();
    }
    pool.join();
    CHECK(ended == trips);
    CHECK(finished == trips);
}
