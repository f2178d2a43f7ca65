#include "agent/engine/events.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

namespace {

// One next() of a feed, run to its end.
std::optional<std::string> next(boost::asio::io_context& network, imc::api::Feed& feed) {
    auto result = boost::asio::co_spawn(network, feed.next(), boost::asio::use_future);
    network.restart();
    network.run();
    return result.get();
}

}  // namespace

TEST_CASE("a listener gets what is published after it came, in order") {
    boost::asio::io_context network;
    imc::engine::Events events(network.get_executor());
    events.publish(1, "changed", "{}");
    const auto feed = events.listen("");
    events.publish(2, "changed", "{\"a\":1}");
    events.publish(3, "changed", "{\"a\":2}");
    CHECK(next(network, *feed) == "id: 2\nevent: changed\ndata: {\"a\":1}\n\nid: 3\nevent: changed\ndata: {\"a\":2}\n\n");
}

TEST_CASE("a listener that comes back goes on where it stopped") {
    boost::asio::io_context network;
    imc::engine::Events events(network.get_executor());
    for (std::uint64_t id = 10; id < 14; ++id) events.publish(id, "changed", "{}");
    const auto feed = events.listen("12");
    CHECK(next(network, *feed) == "id: 13\nevent: changed\ndata: {}\n\n");
}

TEST_CASE("who asks for what is gone is told to read everything anew") {
    boost::asio::io_context network;
    imc::engine::Events events(network.get_executor());
    for (std::uint64_t id = 1; id <= 400; ++id) events.publish(id, "changed", "{}");
    for (const char* id : {"5", "nonsense", "99999"}) {
        const auto feed = events.listen(id);
        CHECK(next(network, *feed) == "event: reset\ndata: {}\n\n");
    }
}

TEST_CASE("a slow listener is told to read anew instead of missing events silently") {
    boost::asio::io_context network;
    imc::engine::Events events(network.get_executor());
    const auto feed = events.listen("");
    for (std::uint64_t id = 1; id <= 400; ++id) events.publish(id, "changed", "{}");
    CHECK(next(network, *feed)->starts_with("event: reset\n"));
}

TEST_CASE("closing ends all feeds") {
    boost::asio::io_context network;
    imc::engine::Events events(network.get_executor());
    const auto feed = events.listen("");
    events.close();
    CHECK_FALSE(next(network, *feed).has_value());
}
