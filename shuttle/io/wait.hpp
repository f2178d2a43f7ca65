// Two small bridges for coroutines: a limit on any wait, and a trip to a pool. What it is not: a place where
// work is queued; whoever calls on() waits for it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

namespace shuttle::io {

// Runs `function` (which takes nothing and returns a value or void; captures by value) on `pool` and comes back
// to the caller's executor with what it returned or threw. Not cancellable: give the function a stop_token.
template <class Function>
boost::asio::awaitable<std::invoke_result_t<Function>> on(boost::asio::any_io_executor pool, Function function) {
    using T = std::invoke_result_t<Function>;
    auto work = [](Function f) -> boost::asio::awaitable<T> { co_return f(); };
    co_return co_await boost::asio::co_spawn(pool, work(std::move(function)), boost::asio::use_awaitable);
}

// Waits `duration` or until cancelled; false when cancelled.
[[nodiscard]] boost::asio::awaitable<bool> pause(std::chrono::milliseconds duration);

// The result of `operation`, or nothing when `limit` passed first (the operation is then cancelled and awaited).
template <class T>
boost::asio::awaitable<std::optional<T>> within(std::chrono::milliseconds limit, boost::asio::awaitable<T> operation) {
    using namespace boost::asio::experimental::awaitable_operators;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, limit);
    auto result = co_await (std::move(operation) || timer.async_wait(boost::asio::use_awaitable));
    if (result.index() == 0) co_return std::optional<T>(std::get<0>(std::move(result)));
    co_return std::nullopt;
}

}  // namespace shuttle::io
