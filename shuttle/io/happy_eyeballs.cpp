#include "shuttle/io/happy_eyeballs.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>

namespace shuttle::io {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t most_addresses = 12;
constexpr std::chrono::milliseconds stagger(250);

// Shared with the connections under way: those that come too late find nobody.
struct Race {
    explicit Race(const asio::any_io_executor& executor) : changed(executor) {}
    std::vector<std::unique_ptr<tcp::socket>> sockets;
    std::optional<std::size_t> winner;
    std::optional<error_code> first_error;
    std::size_t running = 0;
    asio::steady_timer changed;
};

void begin(const std::shared_ptr<Race>& race, const asio::any_io_executor& executor, const tcp::endpoint& address) {
    const std::size_t index = race->sockets.size();
    race->sockets.push_back(std::make_unique<tcp::socket>(executor));
    ++race->running;
    race->sockets.back()->async_connect(address, [weak = std::weak_ptr<Race>(race), index](error_code error) {
        const auto shared = weak.lock();
        if (!shared) return;
        --shared->running;
        if (error && !shared->first_error) shared->first_error = error;
        if (!error && !shared->winner) shared->winner = index;
        shared->changed.cancel();
    });
}

}  // namespace

std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& found) {
    std::vector<tcp::endpoint> first, second, mixed;
    for (const auto& endpoint : found) (endpoint.protocol() == found.front().protocol() ? first : second).push_back(endpoint);
    for (std::size_t k = 0; k < std::max(first.size(), second.size()); ++k) {
        if (k < first.size()) mixed.push_back(first[k]);
        if (k < second.size()) mixed.push_back(second[k]);
    }
    mixed.resize(std::min(mixed.size(), most_addresses));
    return mixed;
}

asio::awaitable<boost::system::result<tcp::socket>> connect_first(std::vector<tcp::endpoint> addresses) {
    const auto executor = co_await asio::this_coro::executor;
    const auto race = std::make_shared<Race>(executor);
    std::size_t next = 0;
    while (!race->winner && (next < addresses.size() || race->running > 0)) {
        if (next < addresses.size()) begin(race, executor, addresses[next++]);
        const std::size_t running = race->running;
        if (next < addresses.size()) {
            race->changed.expires_after(stagger);
        } else {
            race->changed.expires_at(asio::steady_timer::time_point::max());
        }
        // Woken by time, by a success, or by a failure, after which the next one need not wait.
        while (!race->winner && race->running == running) {
            const auto [error] = co_await race->changed.async_wait(asio::as_tuple(asio::use_awaitable));
            if (!error) break;
        }
    }
    if (race->winner) co_return std::move(*race->sockets[*race->winner]);
    co_return race->first_error.value_or(asio::error::host_not_found);
}

}  // namespace shuttle::io
