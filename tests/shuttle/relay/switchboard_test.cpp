#include "shuttle/relay/switchboard.hpp"

#include "shuttle/core/backoff.hpp"
#include "shuttle/io/tcp_transport.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <list>

namespace asio = boost::asio;
using namespace shuttle::relay;
namespace io = shuttle::io;

namespace {

struct Board {
    // A session whose other end is there and says nothing.
    std::shared_ptr<Session> session(const std::string& agent, std::int64_t since) {
        asio::ip::tcp::acceptor acceptor(network, {asio::ip::address_v4::loopback(), 0});
        others.emplace_back(network).connect(acceptor.local_endpoint());
        auto made = std::make_shared<Session>();
        made->agent = agent;
        made->since = since;
        made->end = std::make_shared<io::WebSocketEnd>();
        made->tunnel = std::make_unique<io::Tunnel>(network.get_executor(), std::make_unique<io::TcpTransport>(acceptor.accept()),
                                                    shuttle::core::Role::server);
        return made;
    }

    asio::io_context network{1};
    std::list<asio::ip::tcp::socket> others;
    Config config;
    Switchboard board{config};
};

}  // namespace

TEST_CASE("Two computers with one key are noticed, although whoever was replaced stays away for minutes") {
    Board world;
    const shuttle::core::BackoffPolicy policy;
    const auto away = std::chrono::duration_cast<std::chrono::seconds>(policy.refused + policy.refused / 5).count();
    std::int64_t now = 1'000'000;
    CHECK_FALSE(world.board.enter(world.session("a", now)));
    for (unsigned taken_over = 1; taken_over <= suspicious_fights; ++taken_over) {
        now += away;
        CHECK(world.board.enter(world.session("a", now)));
        CHECK(world.board.fights("a", now) == taken_over);
    }
    CHECK(world.board.fights("a", now + fight_seconds) == 0);
}
