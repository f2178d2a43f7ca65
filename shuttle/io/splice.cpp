#include "shuttle/io/splice.hpp"

#include "shuttle/io/wait.hpp"

#include <array>
#include <memory>

namespace shuttle::io {

namespace asio = boost::asio;

namespace {

constexpr std::size_t piece = 16 * 1024;
using Buffer = std::array<std::uint8_t, piece>;

// Until the others end: this way has, and that does not matter to them.
asio::awaitable<void> stand_by() {
    bool go_on = true;
    while (go_on) go_on = co_await pause(std::chrono::hours(1));
}

asio::awaitable<void> carry_up(Transport& connection, TunnelStream& stream, std::uint64_t& bytes, Decides decides) {
    const auto buffer = std::make_unique<Buffer>();
    for (;;) {
        const auto got = co_await connection.read(*buffer);
        // Whether it was an end or a failure: nothing more comes from there.
        if (!got) break;
        const auto failed = co_await stream.write(std::span(*buffer).first(*got));
        if (failed) break;
        bytes += *got;
    }
    stream.shutdown();
    if (decides == Decides::stream) co_await stand_by();
}

asio::awaitable<void> carry_down(Transport& connection, TunnelStream& stream, std::uint64_t& bytes, Decides decides) {
    const auto buffer = std::make_unique<Buffer>();
    for (;;) {
        const auto got = co_await stream.read(*buffer);
        if (!got) co_return;  // torn, both ways
        if (*got == 0) break;
        const auto failed = co_await connection.write(std::span(*buffer).first(*got));
        if (failed) break;
        bytes += *got;
    }
    if (decides == Decides::stream) co_return;
    connection.finish();
    co_await stand_by();
}

// Ends when nothing has passed for so long.
asio::awaitable<void> watch(const Carried& carried, std::chrono::seconds idle) {
    for (;;) {
        const auto before = carried.up + carried.down;
        const bool go_on = co_await pause(idle);
        if (!go_on || before == carried.up + carried.down) co_return;
    }
}

}  // namespace

asio::awaitable<void> splice(Transport& connection, TunnelStream& stream, std::chrono::seconds idle, Carried& carried, Decides decides) {
    const auto executor = co_await asio::this_coro::executor;
    auto ways = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, carry_up(connection, stream, carried.up, decides), asio::deferred),
        asio::co_spawn(executor, carry_down(connection, stream, carried.down, decides), asio::deferred),
        asio::co_spawn(executor, watch(carried, idle), asio::deferred));
    const auto [order, up, down, watcher] = co_await std::move(ways).async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    connection.close();
    // What the connection has said to its end is still on its way into the tunnel; all else is over.
    const bool answered = decides == Decides::connection && order[0] == 0 && !up;
    if (!answered) stream.reset();
}

}  // namespace shuttle::io
