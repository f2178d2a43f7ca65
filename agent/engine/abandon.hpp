// A trip to a pool that the caller does not wait for longer than a limit: a walk on a dead share may hang in the
// system for minutes, and nothing can call it back. Whoever gives up leaves the thread to its fate and learns by
// `still_running` when it came home. What it is not: a way to cancel; give the function a stop_token for that.
#pragma once

#include "agent/engine/growing_pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>

namespace imc::engine {

// Runs `function` on `pool`; nothing when `limit` passed first. `*running` is true until the function has returned
// (it is touched on the caller's executor only). What the function throws is thrown here, unless given up before.
template <class Function>
boost::asio::awaitable<std::optional<std::invoke_result_t<Function>>> abandonable(std::chrono::milliseconds limit,
                                                                                  boost::asio::any_io_executor pool,
                                                                                  std::shared_ptr<bool> running, Function function) {
    using T = std::invoke_result_t<Function>;
    struct State {
        explicit State(const boost::asio::any_io_executor& home) : event(home) {}
        boost::asio::steady_timer event;
        std::optional<T> result;
        std::exception_ptr error;
    };
    const auto home = co_await boost::asio::this_coro::executor;
    auto state = std::make_shared<State>(home);
    state->event.expires_after(limit);
    *running = true;
    boost::asio::post(pool, [state, home, running, f = std::move(function)]() mutable {
        std::optional<T> result;
        std::exception_ptr error;
        try {
            result.emplace(f());
        } catch (...) {
            error = std::current_exception();
        }
        boost::asio::post(home, [state, running, r = std::move(result), error]() mutable {
            state->result = std::move(r);
            state->error = error;
            *running = false;
            state->event.cancel();
        });
    });
    boost::system::error_code ignored;
    // The timer ends by its limit or because the result is there; which of both is read from the state.
    if (*running) co_await state->event.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    if (state->error) std::rethrow_exception(state->error);
    co_return std::move(state->result);
}

// The same on a pool that makes threads when it needs them: the place is given back when the function has
// returned, before anybody hears of it.
template <class Function>
boost::asio::awaitable<std::optional<std::invoke_result_t<Function>>> abandonable(std::chrono::milliseconds limit, GrowingPool::Place place,
                                                                                  std::shared_ptr<bool> running, Function function) {
    const boost::asio::any_io_executor pool = place.executor();
    auto work = [held = std::move(place), f = std::move(function)]() mutable {
        const GrowingPool::Place until_done(std::move(held));
        return f();
    };
    co_return co_await abandonable(limit, pool, std::move(running), std::move(work));
}

}  // namespace imc::engine
