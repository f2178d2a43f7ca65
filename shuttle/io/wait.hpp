// Two small bridges for coroutines: a limit on any wait, and a trip to a pool. What it is not: a place where
// work is queued; whoever calls on() waits for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace shuttle::io {

// Runs `function` (which takes nothing and returns a value or void; captures by value) on `pool` and comes back
// to the caller's executor with what it returned or threw. Not cancellable: give the function a stop_token.
template <class Function>
boost::asio::awaitable<std::invoke_result_t<Function>> on(boost::asio::any_io_executor pool, Function function) {
    using T = std::invoke_result_t<Function>;
    auto work = [](Function f) -> boost::asio::awaitable<T> { co_return f(); };
    // Without the caller's cancellation slot: Asio would deliver a cancellation to the pool, where the work may just end and
    // take the receiver with it. The caller ends at its next wait.
    auto back = boost::asio::bind_cancellation_slot(boost::asio::cancellation_slot(), boost::asio::use_awaitable);
    co_return co_await boost::asio::co_spawn(pool, work(std::move(function)), std::move(back));
}

// Waits `duration` or until cancelled; false when cancelled.
[[nodiscard]] boost::asio::awaitable<bool> pause(std::chrono::milliseconds duration);

// The result of `operation`, or nothing when `limit` passed first (the operation is then cancelled and awaited).
// What the operation throws is thrown on at once. T needs to be movable only.
template <class T>
boost::asio::awaitable<std::optional<T>> within(std::chrono::milliseconds limit, boost::asio::awaitable<T> operation) {
    namespace asio = boost::asio;
    using asio::deferred;
    auto wrapped = [](asio::awaitable<T> inner) -> asio::awaitable<std::optional<T>> { co_return co_await std::move(inner); };
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, limit);
    auto race =
        asio::experimental::make_parallel_group(co_spawn(executor, wrapped(std::move(operation)), deferred), timer.async_wait(deferred));
    auto [order, failure, result, not_timed] = co_await std::move(race).async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] == 1 && !not_timed) co_return std::nullopt;
    if (failure) std::rethrow_exception(failure);
    co_return std::move(result);
}

// The same for an operation without a result: false when `limit` passed first.
[[nodiscard]] boost::asio::awaitable<bool> within(std::chrono::milliseconds limit, boost::asio::awaitable<void> operation);

}  // namespace shuttle::io
