#include "agent/api/connection.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace imc::api {
namespace {

namespace asio = boost::asio;

constexpr std::string_view heartbeat = ": \n\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";
constexpr std::size_t most_ignored = 65'536;  // bytes that a follower of a feed may send

// Counts a feed for as long as it is followed.
class Open {
public:
    explicit Open(std::uint64_t& count) : count_(count) { ++count_; }
    ~Open() { --count_; }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;

private:
    std::uint64_t& count_;
};

}  // namespace

asio::awaitable<void> Connection::feed(std::shared_ptr<Feed> feed, bool chunked) {
    const Open open(shared_->counters.open_feeds);
    answering_ = false;  // a stop need not wait for the feed's next event
    while (!shared_->stopping) {
        const auto text = co_await next_or_gone(feed);
        if (!text) break;
        std::string sent = text->empty() ? std::string(heartbeat) : *text;
        if (chunked) sent = chunk(sent);
        if (!co_await channel_->write(sent, shared_->limits.write_timeout)) {
            if (channel_->expired()) ++shared_->counters.timeouts;
            co_return;
        }
    }
    if (chunked) co_await channel_->write(last_chunk, shared_->limits.write_timeout);
}

// Waits for the next event, or for the follower to leave: its place is wanted by others.
asio::awaitable<std::optional<std::string>> Connection::next_or_gone(std::shared_ptr<Feed> feed) {
    auto executor = co_await asio::this_coro::executor;
    auto race = asio::experimental::make_parallel_group(asio::co_spawn(executor, feed->next(), asio::deferred),
                                                        asio::co_spawn(executor, peer_gone(), asio::deferred));
    auto [order, failure, text, watch_failure] =
        co_await std::move(race).async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] == 1) co_return std::nullopt;
    if (failure) std::rethrow_exception(failure);
    co_return std::move(text);
}

asio::awaitable<void> Connection::peer_gone() {
    std::size_t ignored = 0;
    while (ignored < most_ignored) {
        const auto got = co_await channel_->read(shared_->scratch);
        if (got == 0) co_return;
        ignored += got;
    }
}

}  // namespace imc::api
