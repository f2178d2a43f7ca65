#include "shuttle/io/wait.hpp"

#include <boost/asio/as_tuple.hpp>

namespace shuttle::io {

namespace asio = boost::asio;

asio::awaitable<bool> pause(std::chrono::milliseconds duration) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return false;
    asio::steady_timer timer(co_await asio::this_coro::executor, duration);
    const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return !error;
}

namespace {

asio::awaitable<std::monostate> with_result(asio::awaitable<void> operation) {
    co_await std::move(operation);
    co_return std::monostate{};
}

}  // namespace

asio::awaitable<bool> within(std::chrono::milliseconds limit, asio::awaitable<void> operation) {
    const auto result = co_await within(limit, with_result(std::move(operation)));
    co_return result.has_value();
}

}  // namespace shuttle::io
