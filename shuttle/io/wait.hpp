// Two small bridges for coroutines: a limit on any wait, and a trip to a pool. What it is not: a place where
// work is queued; whoever calls on() waits for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
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
// to the caller's executor with what it returned or threw. Not cancellable: give the function a stop_token. A pool that is
// stopped meanwhile ends nothing that it has begun; what it has not begun never comes back.
template <class Function>
boost::asio::awaitable<std::invoke_result_t<Function>> on(boost::asio::any_io_executor pool, Function function) {
    namespace asio = boost::asio;
    using T = std::invoke_result_t<Function>;
    using Outcome = std::optional<std::conditional_t<std::is_void_v<T>, std::monostate, T>>;
    const auto home = co_await asio::this_coro::executor;
    // Not by co_spawn: that would go to the pool once more after the function has returned. The caller's cancellation is
    // not asked for, so none is delivered to another thread; the caller ends at its next wait.
    auto start = [pool, home](auto handler, Function wanted) {
        auto work = [h = std::move(handler), f = std::move(wanted),
                     busy = asio::prefer(home, asio::execution::outstanding_work.tracked)]() mutable {
            std::exception_ptr error;
            Outcome outcome;
            try {
                auto once = std::move(f);
                if constexpr (std::is_void_v<T>) {
                    once();
                    outcome.emplace();
                } else {
                    outcome.emplace(once());
                }
            } catch (...) {
                error = std::current_exception();
            }
            asio::post(busy,
                       [back = std::move(h), error, result = std::move(outcome)]() mutable { std::move(back)(error, std::move(result)); });
        };
        asio::post(pool, std::move(work));
    };
    auto outcome = co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::exception_ptr, Outcome)>(
        std::move(start), asio::use_awaitable, std::move(function));
    if constexpr (!std::is_void_v<T>) co_return std::move(*outcome);
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
