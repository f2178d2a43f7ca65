#include "shuttle/io/splice.hpp"

#include "shuttle/io/wait.hpp"

#include <array>
#include <memory>

namespace shuttle::io {

namespace asio = boost::asio;

namespace {

constexpr std::size_t piece = 16 * 1024;
using Buffer = std::array<std::uint8_t, piece>;

asio::awaitable<void> carry_up(Transport& connection, TunnelStream& stream, std::uint64_t& bytes) {
    const auto buffer = std::make_unique<Buffer>();
    for (;;) {
        const auto got = co_await connection.read(*buffer);
        if (!got) break;
        const auto failed = co_await stream.write(std::span(*buffer).first(*got));
        if (failed) co_return;
        bytes += *got;
    }
    // Whether it was an end or a failure: nothing more comes from there, and the other side may still answer.
    stream.shutdown();
}

asio::awaitable<void> carry_down(Transport& connection, TunnelStream& stream, std::uint64_t& bytes) {
    const auto buffer = std::make_unique<Buffer>();
    for (;;) {
        const auto got = co_await stream.read(*buffer);
        if (!got || *got == 0) co_return;
        const auto failed = co_await connection.write(std::span(*buffer).first(*got));
        if (failed) co_return;
        bytes += *got;
    }
}

// Ends when nothing has passed for so long.
asio::awaitable<void> watch(const Carried& carried, std::chrono::seconds idle) {
    for (;;) {
        const auto before = carried.up + carried.down;
        const bool go_on = co_await pause(idle);
        if (!go_on || before == carried.up + carried.down) co_return;
    }
}

// The way down decides: when the agent's API has ended, or nothing passes any more, it is over for the way up, too.
asio::awaitable<void> carry_down_watched(Transport& connection, TunnelStream& stream, std::chrono::seconds idle, Carried& carried) {
    const auto executor = co_await asio::this_coro::executor;
    auto race =
        asio::experimental::make_parallel_group(asio::co_spawn(executor, carry_down(connection, stream, carried.down), asio::deferred),
                                                asio::co_spawn(executor, watch(carried, idle), asio::deferred));
    co_await std::move(race).async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    connection.close();
    stream.reset();
}

}  // namespace

asio::awaitable<void> splice(Transport& connection, TunnelStream& stream, std::chrono::seconds idle, Carried& carried) {
    const auto executor = co_await asio::this_coro::executor;
    auto ways = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, carry_up(connection, stream, carried.up), asio::deferred),
        asio::co_spawn(executor, carry_down_watched(connection, stream, idle, carried), asio::deferred));
    co_await std::move(ways).async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    connection.close();
}

}  // namespace shuttle::io
