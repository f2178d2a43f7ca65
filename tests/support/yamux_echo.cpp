// yamux-echo: bare yamux on TCP, so that any peer can be held against this implementation. Echoes every stream that it is
// given; with --open it opens streams itself and checks the echo.
#include "shuttle/io/supervisor.hpp"
#include "shuttle/io/tcp_transport.hpp"
#include "shuttle/io/tunnel.hpp"
#include "shuttle/io/wait.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdio>
#include <string>

namespace {

namespace asio = boost::asio;
namespace core = shuttle::core;
using asio::ip::tcp;
using boost::system::error_code;
using shuttle::io::Tunnel;
using shuttle::io::TunnelStream;

constexpr std::size_t piece_bytes = 64 * 1024;

struct Options {
    std::string listen;
    std::string connect;
    std::string role;
    std::string scenario = "echo";
    std::size_t open = 0;
    std::uint64_t bytes = 0;
    bool stay = false;
    bool late = false;
    unsigned limit_s = 600;
};

// A stream's content: depends on the stream and the place, so that nothing swapped or shifted goes unnoticed.
std::uint8_t content(core::StreamId stream, std::uint64_t at) {
    const auto x = (at / 251 + 1) * 2'654'435'761U + stream * 40'503U + at;
    return static_cast<std::uint8_t>(x ^ (x >> 13));
}

asio::awaitable<bool> send_content(TunnelStream& stream, std::uint64_t from, std::uint64_t to) {
    std::vector<std::uint8_t> piece;
    while (from < to) {
        piece.resize(std::min<std::uint64_t>(piece_bytes, to - from));
        for (auto& byte : piece) byte = content(stream.id(), from++);
        if (co_await stream.write(piece)) co_return false;
    }
    co_return true;
}

// True when exactly the content up to `to` comes back, and after it the end where that is wanted.
asio::awaitable<bool> check_echo(TunnelStream& stream, std::uint64_t from, std::uint64_t to, bool end) {
    std::vector<std::uint8_t> room(piece_bytes);
    while (from < to || end) {
        const auto wanted = end ? room.size() : std::min<std::uint64_t>(room.size(), to - from);
        const auto got = co_await stream.read(std::span(room).first(wanted));
        if (!got) {
            std::fprintf(stderr, "stream %u: %s after %llu bytes\n", stream.id(), got.error().message().c_str(),
                         static_cast<unsigned long long>(from));
            co_return false;
        }
        if (*got == 0) co_return end&& from == to;
        if (*got > to - from) co_return false;
        for (std::size_t i = 0; i < *got; ++i) {
            if (room[i] != content(stream.id(), from++)) co_return false;
        }
    }
    co_return true;
}

class Echo {
public:
    Echo(asio::io_context& network, const Options& options)
        : network_(network), options_(options), supervisor_(network.get_executor(), [this](const auto& job, const auto& what) {
              std::fprintf(stderr, "%s: %s\n", job.c_str(), what.c_str());
              failed_ = true;
          }) {}

    int run() {
        supervisor_.start("main", [this] { return work(); });
        network_.run_for(std::chrono::seconds(options_.limit_s));
        return finished_ && !failed_ ? 0 : 1;
    }

private:
    static tcp::endpoint endpoint(const std::string& text) {
        const auto colon = text.rfind(':');
        if (colon == std::string::npos) throw std::invalid_argument("ADDR:PORT expected: " + text);
        auto host = text.substr(0, colon);
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        return {asio::ip::make_address(host), static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)))};
    }

    asio::awaitable<void> work() {
        if (!options_.connect.empty()) {
            tcp::socket socket(network_);
            co_await socket.async_connect(endpoint(options_.connect), asio::use_awaitable);
            co_await serve(std::move(socket), options_.role != "server" ? core::Role::client : core::Role::server);
            finish();
            co_return;
        }
        tcp::acceptor acceptor(network_, endpoint(options_.listen));
        std::printf("%u\n", unsigned{acceptor.local_endpoint().port()});
        std::fflush(stdout);
        const auto role = options_.role != "client" ? core::Role::server : core::Role::client;
        for (int number = 1; !finished_; ++number) {
            auto socket = std::make_shared<tcp::socket>(co_await acceptor.async_accept(asio::use_awaitable));
            if (options_.open > 0) {
                co_await serve(std::move(*socket), role);
                finish();
            } else {
                supervisor_.start("connection " + std::to_string(number), [this, socket, role] { return serve(std::move(*socket), role); });
            }
        }
    }
    void finish() {
        finished_ = true;
        network_.stop();
    }

    asio::awaitable<void> serve(tcp::socket socket, core::Role role) {
        auto transport = std::make_unique<shuttle::io::TcpTransport>(std::move(socket));
        const auto tunnel = std::make_shared<Tunnel>(network_.get_executor(), std::move(transport), role);
        supervisor_.start("takes streams", [this, tunnel] { return take_streams(tunnel); });
        if (options_.open > 0) supervisor_.start("own streams", [this, tunnel] { return own_streams(tunnel); });
        const auto why = co_await tunnel->run();
        std::fprintf(stderr, "session: %s\n", why.message().c_str());
        // Some peers close while our last frames are under way, which TCP tells us as a reset.
        const bool orderly = why == core::make_error_code(core::errc::closed) || why == core::make_error_code(core::errc::closed_by_peer) ||
                             why == asio::error::connection_reset || why == asio::error::broken_pipe;
        if (!orderly || (options_.open > 0 && !own_done_)) failed_ = true;
    }

    asio::awaitable<void> take_streams(std::shared_ptr<Tunnel> tunnel) {
        for (;;) {
            auto taken = co_await tunnel->accept();
            if (!taken) co_return;
            const auto stream = std::make_shared<TunnelStream>(std::move(*taken));
            supervisor_.start("echo", [stream, late = options_.late] { return late ? echo_late(stream) : echo(stream); });
        }
    }
    static asio::awaitable<void> echo(std::shared_ptr<TunnelStream> stream) {
        std::vector<std::uint8_t> room(piece_bytes);
        for (;;) {
            const auto got = co_await stream->read(room);
            if (!got) co_return;
            if (*got == 0) break;
            if (co_await stream->write(std::span(room).first(*got))) co_return;
        }
        stream->shutdown();
    }

    static asio::awaitable<void> echo_late(std::shared_ptr<TunnelStream> stream) {
        std::vector<std::uint8_t> all(core::initial_window);
        for (std::size_t have = 0;;) {
            const auto got = co_await stream->read(std::span(all).subspan(have));
            if (!got || (*got > 0 && have + *got == all.size())) co_return;  // does not fit: a reset
            have += *got;
            if (*got > 0) continue;
            if (!co_await stream->write(std::span(all).first(have))) stream->shutdown();
            co_return;
        }
    }

    asio::awaitable<void> own_streams(std::shared_ptr<Tunnel> tunnel) {
        open_now_ = options_.open;
        for (std::size_t i = 0; i < options_.open; ++i) {
            auto opened = co_await tunnel->open();
            if (!opened) throw boost::system::system_error(opened.error(), "open");
            const auto stream = std::make_shared<TunnelStream>(std::move(*opened));
            supervisor_.start("stream", [this, tunnel, stream] { return own_stream(tunnel, stream); });
        }
        if (options_.scenario == "go-away") tunnel->go_away();
    }
    asio::awaitable<void> own_stream(std::shared_ptr<Tunnel> tunnel, std::shared_ptr<TunnelStream> stream) {
        const auto half = options_.bytes / 2;
        supervisor_.start("sender", [this, stream, half] { return send(stream, half); });
        bool right = co_await check_echo(*stream, 0, half, false);
        if (right && options_.scenario == "reset" && stream->id() % 4 < 2) {
            stream->reset();
        } else {
            right = right && co_await check_echo(*stream, half, options_.bytes, true);
        }
        if (!right) {
            std::fprintf(stderr, "stream %u: the echo is not what was sent\n", stream->id());
            failed_ = true;
        }
        if (--open_now_ > 0) co_return;
        std::fprintf(stderr, "%zu streams of %llu bytes: %s\n", options_.open, static_cast<unsigned long long>(options_.bytes),
                     failed_ ? "FAILED" : "well");
        own_done_ = true;
        if (!options_.stay) tunnel->close();
    }
    asio::awaitable<void> send(std::shared_ptr<TunnelStream> stream, std::uint64_t half) {
        const bool sent = co_await send_content(*stream, 0, half) && co_await send_content(*stream, half, options_.bytes);
        if (sent) stream->shutdown();
    }

    asio::io_context& network_;
    Options options_;
    std::size_t open_now_ = 0;
    bool own_done_ = false;
    bool failed_ = false;
    bool finished_ = false;
    shuttle::io::Supervisor supervisor_;
};

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Bare yamux on TCP: echoes every stream it is given, and checks the echo of streams that it opens.");
    Options options;
    auto* listen = app.add_option("--listen", options.listen, "ADDR:PORT; port 0 takes a free one, which is printed");
    app.add_option("--connect", options.connect, "ADDR:PORT")->excludes(listen);
    app.add_option("--role", options.role, "of yamux; without it, who listens is the server")->check(CLI::IsMember({"server", "client"}));
    app.add_option("--open", options.open, "how many streams to open, all at once; then exits 0 if all were echoed");
    app.add_option("--bytes", options.bytes, "of each stream");
    app.add_option("--scenario", options.scenario,
                   "reset: every other stream is reset half-way; go-away: says so while its streams are open")
        ->check(CLI::IsMember({"echo", "reset", "go-away"}));
    app.add_flag("--stay", options.stay, "go on echoing when the own streams are done, until the peer ends the session");
    app.add_flag("--late", options.late, "echo only when the peer has finished its direction (less than 256 KiB)");
    app.add_option("--limit", options.limit_s, "seconds after which it gives up");
    try {
        app.parse(argc, argv);
        if (options.listen.empty() == options.connect.empty()) throw CLI::ValidationError("one of --listen and --connect is needed");
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 64;
    }
    try {
        asio::io_context network{1};
        return Echo(network, options).run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "yamux-echo: %s\n", error.what());
        return 1;
    }
}
