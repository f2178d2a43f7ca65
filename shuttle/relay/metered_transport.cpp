#include "shuttle/relay/metered_transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace shuttle::relay {

namespace asio = boost::asio;

asio::awaitable<boost::system::result<std::size_t>> MeteredTransport::read(std::span<std::uint8_t> target) {
    const auto got = co_await inner_.read(target);
    if (!got) co_return got;
    const bool open = co_await pass(*got, &Quota::up, &Quota::bytes_up, reading_);
    if (!open) co_return make_error_code(asio::error::operation_aborted);
    co_return got;
}

asio::awaitable<boost::system::error_code> MeteredTransport::write(std::span<const std::uint8_t> message) {
    const bool open = co_await pass(message.size(), &Quota::down, &Quota::bytes_down, writing_);
    if (!open) co_return make_error_code(asio::error::operation_aborted);
    co_return co_await inner_.write(message);
}

asio::awaitable<bool> MeteredTransport::pass(std::size_t bytes, Meter Quota::*way, std::uint64_t Quota::*count, asio::steady_timer& timer) {
    const auto now = std::chrono::steady_clock::now();
    core::Duration wait{};
    for (const auto& quota : quotas_) {
        auto& meter = (*quota).*way;
        meter.take(static_cast<double>(bytes), now);
        wait = std::max(wait, meter.until(0, now));
        (*quota).*count += bytes;
    }
    if (closed_) co_return false;
    if (wait <= core::Duration::zero()) co_return true;
    for (const auto& quota : quotas_) {
        if (((*quota).*way).until(0, now) > core::Duration::zero()) quota->held_up += wait;
    }
    timer.expires_at(now + wait);
    const auto [ended] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return !ended && !closed_;
}

void MeteredTransport::close() noexcept {
    closed_ = true;
    reading_.cancel();
    writing_.cancel();
    inner_.close();
}

}  // namespace shuttle::relay
