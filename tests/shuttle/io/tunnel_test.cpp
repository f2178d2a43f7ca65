#include "shuttle/io/tunnel.hpp"

#include "shuttle/io/tcp_transport.hpp"
#include "shuttle/io/wait.hpp"
#include "tests/support/play.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <string>

namespace asio = boost::asio;
namespace core = shuttle::core;
using namespace std::chrono_literals;
using asio::ip::tcp;
using boost::system::error_code;
using shuttle::io::Tunnel;
using shuttle::io::TunnelStream;

namespace {

// Two tunnels joined by TCP on this machine, each with its job running.
struct Joined {
    Joined() {
        tcp::acceptor acceptor(network, {asio::ip::address_v4::loopback(), 0});
        tcp::socket dialled(network);
        dialled.connect(acceptor.local_endpoint());
        tcp::socket taken = acceptor.accept();
        agent = std::make_unique<Tunnel>(network.get_executor(), std::make_unique<shuttle::io::TcpTransport>(std::move(dialled)),
                                         core::Role::client);
        relay = std::make_unique<Tunnel>(network.get_executor(), std::make_unique<shuttle::io::TcpTransport>(std::move(taken)),
                                         core::Role::server);
        start(*agent, agent_end, agent_stop);
        start(*relay, relay_end, relay_stop);
    }

    void start(Tunnel& tunnel, std::optional<error_code>& end, asio::cancellation_signal& stop) {
        auto ended = [&end](std::exception_ptr failure, error_code why) {
            end = failure ? make_error_code(asio::error::operation_aborted) : why;
        };
        asio::co_spawn(network, tunnel.run(), asio::bind_cancellation_slot(stop.slot(), std::move(ended)));
    }

    // Runs `test` and everything else until it returns; throws what it throws.
    template <class Test>
    void play(Test test) {
        imc::test::play(network, test);
    }
    void run_to_the_end() {
        const auto limit = std::chrono::steady_clock::now() + 30s;
        while (!(agent_end && relay_end) && std::chrono::steady_clock::now() < limit) network.run_one_for(100ms);
        REQUIRE((agent_end && relay_end));
    }

    asio::io_context network{1};
    std::unique_ptr<Tunnel> agent;
    std::unique_ptr<Tunnel> relay;
    std::optional<error_code> agent_end;
    std::optional<error_code> relay_end;
    asio::cancellation_signal agent_stop;
    asio::cancellation_signal relay_stop;
};

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// All that comes until the end or an error.
asio::awaitable<std::string> read_all(TunnelStream& stream, error_code& error) {
    std::string text;
    std::vector<std::uint8_t> room(10'000);
    for (;;) {
        const auto got = co_await stream.read(room);
        if (!got) error = got.error();
        if (!got || *got == 0) co_return text;
        text.append(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(*got));
    }
}

}  // namespace

TEST_CASE("The relay opens a stream and both sides finish it") {
    Joined joined;
    auto test = [&joined]() -> asio::awaitable<void> {
        auto there = co_await joined.relay->open();
        REQUIRE(there.has_value());
        co_await there->write(bytes_of("question"));
        CHECK_FALSE(there->shutdown());
        auto here = co_await joined.agent->accept();
        REQUIRE(here.has_value());
        error_code error;
        const auto asked = co_await read_all(*here, error);
        CHECK(asked == "question");
        co_await here->write(bytes_of("answer"));
        here->shutdown();
        const auto answered = co_await read_all(*there, error);
        CHECK(answered == "answer");
        CHECK_FALSE(error);
    };
    joined.play(test);
    joined.agent->close();
    joined.run_to_the_end();
    CHECK(*joined.agent_end == core::make_error_code(core::errc::closed));
    CHECK(*joined.relay_end == core::make_error_code(core::errc::closed));  // a farewell, and no stream was torn
    CHECK(joined.relay->session().streams() == 0);
}

TEST_CASE("A writer waits for a reader that does not read, and goes on when it does") {
    Joined joined;
    const std::string much(3'000'000, 'x');
    std::size_t written = 0;
    auto write = [&]() -> asio::awaitable<void> {
        auto stream = co_await joined.agent->open();
        for (std::size_t at = 0; at < much.size(); at += 100'000) {
            const auto error = co_await stream->write(bytes_of(much).subspan(at, 100'000));
            REQUIRE_FALSE(error);
            written = at + 100'000;
        }
        stream->shutdown();
    };
    asio::co_spawn(joined.network, write(), [](std::exception_ptr) {});
    auto test = [&]() -> asio::awaitable<void> {
        auto stream = co_await joined.relay->accept();
        co_await shuttle::io::pause(100ms);
        CHECK(written <= 400'000);  // the first window, and the buffer of the stream
        error_code error;
        const auto text = co_await read_all(*stream, error);
        CHECK(text == much);
        CHECK_FALSE(error);
    };
    joined.play(test);
    CHECK(joined.relay->session().held_bytes() == 0);
}

TEST_CASE("A stream that is let go is a reset to the other side, and the tunnel goes on") {
    Joined joined;
    auto test = [&joined]() -> asio::awaitable<void> {
        {
            auto given_up = co_await joined.relay->open();
            co_await given_up->write(bytes_of("x"));
            auto here = co_await joined.agent->accept();
            std::uint8_t byte = 0;
            const auto first = co_await here->read({&byte, 1});
            REQUIRE(first.has_value());
            CHECK(*first == 1);
            { const auto gone = std::move(*given_up); }
            const auto got = co_await here->read({&byte, 1});
            REQUIRE(got.has_error());
            CHECK(got.error() == core::make_error_code(core::errc::reset_by_peer));
            const auto error = co_await here->write({&byte, 1});
            CHECK(error == core::make_error_code(core::errc::reset_by_peer));
        }
        auto next = co_await joined.agent->open();
        REQUIRE(next.has_value());
        co_await next->write(bytes_of("y"));
        auto taken = co_await joined.relay->accept();
        CHECK(taken.has_value());
    };
    joined.play(test);
}

TEST_CASE("When a tunnel is cancelled its streams and its waiters are told, and the other side notices") {
    Joined joined;
    auto test = [&joined]() -> asio::awaitable<void> {
        auto stream = co_await joined.agent->open();
        co_await shuttle::io::pause(10ms);
        joined.agent_stop.emit(asio::cancellation_type::terminal);
        error_code error;
        co_await read_all(*stream, error);
        CHECK(error);
        const auto accepted = co_await joined.agent->accept();
        CHECK(accepted.has_error());
        const auto opened = co_await joined.agent->open();
        CHECK(opened.has_error());
    };
    joined.play(test);
    joined.run_to_the_end();
    CHECK(*joined.agent_end);
    CHECK(*joined.relay_end == core::make_error_code(core::errc::closed_by_peer));
}

TEST_CASE("A stream may outlive its tunnel") {
    Joined joined;
    std::optional<TunnelStream> stream;
    auto test = [&]() -> asio::awaitable<void> {
        auto opened = co_await joined.agent->open();
        stream.emplace(std::move(*opened));
    };
    joined.play(test);
    joined.agent->close();
    joined.run_to_the_end();
    joined.agent.reset();
    error_code error;
    auto reading = [&]() -> asio::awaitable<void> { co_await read_all(*stream, error); };
    joined.play(reading);
    CHECK(error == core::make_error_code(core::errc::closed));
}

TEST_CASE("Whoever speaks something else than yamux is told so and left") {
    asio::io_context network{1};
    tcp::acceptor acceptor(network, {asio::ip::address_v4::loopback(), 0});
    tcp::socket stranger(network);
    stranger.connect(acceptor.local_endpoint());
    Tunnel tunnel(network.get_executor(), std::make_unique<shuttle::io::TcpTransport>(acceptor.accept()), core::Role::server);
    std::optional<error_code> end;
    asio::co_spawn(network, tunnel.run(), [&end](std::exception_ptr, error_code why) { end = why; });
    asio::write(stranger, asio::buffer(std::string("GET / HTTP/1.1\r\n\r\n")));
    network.run_for(10s);
    REQUIRE(end);
    CHECK(*end == core::make_error_code(core::errc::protocol_error));
    std::string heard;
    error_code error;
    asio::read(stranger, asio::dynamic_buffer(heard), error);
    CHECK(heard.ends_with(std::string("\0\3\0\0\0\0\0\0\0\0\0\1", 12)));
}
