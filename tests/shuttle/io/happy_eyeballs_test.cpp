#include "shuttle/io/happy_eyeballs.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <optional>

namespace asio = boost::asio;
using asio::ip::tcp;
using shuttle::io::connect_first;
using shuttle::io::interleaved;

namespace {

tcp::endpoint v4(const char* address, unsigned short port) {
    return {asio::ip::make_address(address), port};
}

using Outcome = boost::system::result<tcp::socket>;

std::optional<Outcome> run(std::vector<tcp::endpoint> addresses, asio::io_context& network) {
    std::optional<Outcome> outcome;
    auto work = [&]() -> asio::awaitable<void> {
        auto connected = co_await connect_first(std::move(addresses));
        outcome.emplace(std::move(connected));
    };
    asio::co_spawn(network, work(), [](std::exception_ptr) {});
    network.run_for(std::chrono::seconds(20));
    return outcome;
}

// A port of this computer at which nobody listens.
unsigned short closed_port(asio::io_context& network) {
    const tcp::acceptor acceptor(network, v4("127.0.0.1", 0));
    return acceptor.local_endpoint().port();
}

}  // namespace

TEST_CASE("Families take turns, beginning with the resolver's first") {
    const tcp::endpoint a = v4("::1", 1), b = v4("::1", 2), c = v4("10.0.0.1", 3), d = v4("10.0.0.2", 4), e = v4("10.0.0.3", 5);
    CHECK(interleaved({a, b, c, d, e}) == std::vector<tcp::endpoint>{a, c, b, d, e});
    CHECK(interleaved({}).empty());
    CHECK(interleaved(std::vector<tcp::endpoint>(50, a)).size() == 12);
}

TEST_CASE("An address that refuses does not hold up the next") {
    asio::io_context network;
    tcp::acceptor acceptor(network, v4("127.0.0.1", 0));
    const auto outcome = run({v4("127.0.0.1", closed_port(network)), acceptor.local_endpoint()}, network);
    REQUIRE(outcome);
    REQUIRE(outcome->has_value());
    CHECK((*outcome)->remote_endpoint() == acceptor.local_endpoint());
}

TEST_CASE("An address that never answers does not hold up the next") {
    asio::io_context network;
    tcp::acceptor silent(network);  // its queue is full: further connections get no answer
    silent.open(tcp::v4());
    silent.bind(v4("127.0.0.1", 0));
    silent.listen(0);
    std::vector<tcp::socket> filling;
    for (int k = 0; k < 4; ++k) {
        filling.emplace_back(network);
        filling.back().async_connect(silent.local_endpoint(), [](boost::system::error_code) {});
    }
    network.run_for(std::chrono::milliseconds(50));
    network.restart();
    tcp::acceptor acceptor(network, v4("127.0.0.1", 0));
    const auto outcome = run({silent.local_endpoint(), acceptor.local_endpoint()}, network);
    filling.clear();
    REQUIRE(outcome);
    REQUIRE(outcome->has_value());
}

TEST_CASE("Where nobody answers the first error is told") {
    asio::io_context network;
    const auto outcome = run({v4("127.0.0.1", closed_port(network)), v4("127.0.0.1", closed_port(network))}, network);
    REQUIRE(outcome);
    REQUIRE(outcome->has_error());
    CHECK(outcome->error() == asio::error::connection_refused);
    network.restart();
    const auto none = run({}, network);
    REQUIRE(none);
    CHECK(none->error() == asio::error::host_not_found);
}
