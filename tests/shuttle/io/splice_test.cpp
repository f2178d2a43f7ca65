// A connection of a portal, a tunnel, and a connection to an agent's API, spliced as relay and agent do it.
#include "shuttle/io/splice.hpp"

#include "shuttle/io/tcp_transport.hpp"
#include "shuttle/io/wait.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <string>

namespace asio = boost::asio;
namespace core = shuttle::core;
using namespace std::chrono_literals;
using asio::ip::tcp;
using shuttle::io::Decides;
using shuttle::io::TcpTransport;
using shuttle::io::Tunnel;

namespace {

struct Way {
    Way() {
        tcp::socket agent_end(network), relay_end(network), portal_end(network), api_end(network);
        join(agent_end, relay_end);
        join(portal, portal_end);
        join(api, api_end);
        agent = std::make_unique<Tunnel>(network.get_executor(), std::make_unique<TcpTransport>(std::move(agent_end)), core::Role::client);
        relay = std::make_unique<Tunnel>(network.get_executor(), std::make_unique<TcpTransport>(std::move(relay_end)), core::Role::server);
        const auto done = [](std::exception_ptr, auto...) {};
        asio::co_spawn(network, agent->run(), done);
        asio::co_spawn(network, relay->run(), done);
        asio::co_spawn(network, carry(true, std::make_shared<TcpTransport>(std::move(portal_end))), done);
        asio::co_spawn(network, carry(false, std::make_shared<TcpTransport>(std::move(api_end))), done);
    }

    void join(tcp::socket& one, tcp::socket& other) {
        tcp::acceptor acceptor(network, {asio::ip::address_v4::loopback(), 0});
        one.connect(acceptor.local_endpoint());
        other = acceptor.accept();
    }

    asio::awaitable<void> carry(bool at_relay, std::shared_ptr<TcpTransport> connection) {
        auto taking = at_relay ? relay->open() : agent->accept();
        auto stream = co_await std::move(taking);
        shuttle::io::Carried carried;
        co_await shuttle::io::splice(*connection, *stream, 60s, carried, at_relay ? Decides::stream : Decides::connection);
        ++ended;
    }

    // Runs `test` and everything else until it returns and both splices have ended; throws what it throws.
    template <class Test>
    void play(Test test) {
        std::exception_ptr failure;
        bool done = false;
        auto over = [&](std::exception_ptr thrown) {
            failure = thrown;
            done = true;
        };
        asio::co_spawn(network, test(), std::move(over));
        const auto limit = std::chrono::steady_clock::now() + 30s;
        while (!(done && ended == 2) && !failure && std::chrono::steady_clock::now() < limit) network.run_one_for(100ms);
        if (failure) std::rethrow_exception(failure);
        REQUIRE(done);
        CHECK(ended == 2);
    }

    asio::io_context network{1};
    tcp::socket portal{network}, api{network};
    std::unique_ptr<Tunnel> agent, relay;
    int ended = 0;
};

asio::awaitable<void> say(tcp::socket& socket, const std::string& text, bool and_end) {
    co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable);
    if (and_end) socket.shutdown(tcp::socket::shutdown_send);
}

// All that comes until the end.
asio::awaitable<std::string> hear(tcp::socket& socket) {
    std::string text;
    const auto [error, bytes] = co_await asio::async_read(socket, asio::dynamic_buffer(text), asio::as_tuple(asio::use_awaitable));
    CHECK(error == asio::error::eof);
    co_return text;
}

}  // namespace

TEST_CASE("Whoever has asked and says no more still gets the whole answer") {
    Way way;
    const std::string answer(3'000'000, 'a');
    auto test = [&]() -> asio::awaitable<void> {
        co_await say(way.portal, "question", true);
        const auto asked = co_await hear(way.api);
        CHECK(asked == "question");
        co_await shuttle::io::pause(50ms);
        CHECK(way.ended == 0);
        auto answering = [&]() -> asio::awaitable<void> { co_await say(way.api, answer, true); };
        asio::co_spawn(way.network, answering(), [](std::exception_ptr) {});
        const auto answered = co_await hear(way.portal);
        CHECK(answered.size() == answer.size());
    };
    way.play(test);
}

TEST_CASE("When the API has ended it is over, whatever the portal still says") {
    Way way;
    const std::string answer(1'000'000, 'a');
    auto test = [&]() -> asio::awaitable<void> {
        co_await say(way.portal, "question", false);
        auto answering = [&]() -> asio::awaitable<void> { co_await say(way.api, answer, true); };
        asio::co_spawn(way.network, answering(), [](std::exception_ptr) {});
        const auto answered = co_await hear(way.portal);
        CHECK(answered.size() == answer.size());
        const auto asked = co_await hear(way.api);
        CHECK(asked == "question");
    };
    way.play(test);
}

TEST_CASE("When the tunnel is gone both connections end") {
    Way way;
    auto test = [&]() -> asio::awaitable<void> {
        co_await say(way.portal, "question", false);
        std::array<char, 8> asked{};
        co_await asio::async_read(way.api, asio::buffer(asked), asio::use_awaitable);
        way.relay->close();
        const auto left = co_await hear(way.portal);
        CHECK(left.empty());
        const auto more = co_await hear(way.api);
        CHECK(more.empty());
    };
    way.play(test);
}
