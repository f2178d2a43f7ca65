// Runs a coroutine of a test and all else of its network until it has returned, on this thread. What it is not: a limit of the
// coroutine; a test that does not end within a minute fails.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <exception>

namespace imc::test {

// `test` takes nothing and gives an awaitable; what it throws is thrown on. The callable lives until it has returned.
template <class Test>
void play(boost::asio::io_context& network, Test& test) {
    std::exception_ptr failure;
    bool done = false;
    auto ended = [&](std::exception_ptr thrown) {
        failure = thrown;
        done = true;
    };
    boost::asio::co_spawn(network, test(), std::move(ended));
    network.restart();
    const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!done && std::chrono::steady_clock::now() < limit) network.run_one_for(std::chrono::milliseconds(100));
    if (failure) std::rethrow_exception(failure);
    REQUIRE(done);
}

}  // namespace imc::test
