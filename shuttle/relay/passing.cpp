// The way from a connection at the portals' port into an agent, and TLS that is passed through by its name.
#include "shuttle/io/tcp_transport.hpp"
#include "shuttle/relay/client_hello.hpp"
#include "shuttle/relay/metered_transport.hpp"
#include "shuttle/relay/relay_impl.hpp"

#include <boost/asio/as_tuple.hpp>

namespace shuttle::relay {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto open_limit = 10s;
constexpr auto arrival_look = 50ms;
constexpr std::array<std::uint8_t, 7> unrecognized_name = {21, 3, 3, 0, 2, 2, 112};  // a fatal alert, RFC 6066 section 3

// Reads until the name is known or there is none; `early` is all that was read.
asio::awaitable<HelloName> hear_name(Relay::Impl::Socket& socket, std::vector<std::uint8_t>& early) {
    for (;;) {
        auto found = name_in(early);
        if (found.kind != HelloName::Kind::more) co_return found;
        const auto before = early.size();
        early.resize(longest_hello);
        const auto room = asio::buffer(early.data() + before, early.size() - before);
        const auto [error, size] = co_await socket.async_read_some(room, asio::as_tuple(asio::use_awaitable));
        early.resize(before + (error ? 0 : size));
        if (error) co_return HelloName{};
    }
}

}  // namespace

// An agent that has lost its tunnel, or not yet made one to a relay that has just begun, is waited for.
asio::awaitable<Found> Relay::Impl::find(std::function<Found()> ask) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(config.arrival_seconds);
    for (;;) {
        auto route = ask();
        if (route || !route.error().may_come || std::chrono::steady_clock::now() >= until) co_return route;
        const bool go_on = co_await io::pause(arrival_look);
        if (!go_on) co_return route;
    }
}

// `route` alone says where it goes; nothing of a request is looked at any more.
asio::awaitable<bool> Relay::Impl::carry(Route route, io::Transport& portal, std::string_view greeting,
                                         std::span<const std::uint8_t> early) {
    struct Opened {
        Switchboard& board;
        const Route& route;
        ~Opened() { board.closed(route); }
    };
    board.opened(route);
    const Opened opened{board, route};
    auto stream = co_await io::within(open_limit, route.session()->tunnel->open());
    if (!stream || !*stream) co_return false;
    if (!greeting.empty()) {
        const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(greeting.data()), greeting.size());
        const auto told = co_await io::within(open_limit, portal.write(bytes));
        if (!told || *told) co_return true;
    }
    if (!early.empty()) {  // it did not wait for an answer
        const auto failed = co_await (*stream)->write(early);
        if (failed) co_return true;
        board.counters.bytes_up += early.size();
    }
    io::Carried carried;
    MeteredTransport metered(portal, {route.agent(), route.caller()}, network);
    struct Count {
        Counters& counters;
        const io::Carried& carried;
        ~Count() {
            counters.bytes_up += carried.up;
            counters.bytes_down += carried.down;
        }
    };
    const Count count{board.counters, carried};
    co_await io::splice(metered, **stream, std::chrono::seconds(config.idle_seconds), carried);
    co_return true;
}

// True: the connection was for an agent by its name, and is over. False: it is for the relay itself, `early` was read of it.
asio::awaitable<bool> Relay::Impl::pass_by_name(std::shared_ptr<Socket> socket, std::vector<std::uint8_t>& early, std::string peer) {
    const auto heard = co_await io::within(std::chrono::seconds(config.handshake_seconds), hear_name(*socket, early));
    if (!heard) co_return true;
    const std::string below = "." + config.sni_domain;
    if (!heard->name.ends_with(below)) co_return false;
    const std::string id = heard->name.substr(0, heard->name.size() - below.size());
    boost::system::error_code error;
    const auto place = socket->remote_endpoint(error);
    io::TcpTransport portal(std::move(*socket));
    std::function<Found()> ask = [this, id]() { return board.authorise_name(id); };
    if (!error && sni_allow.contains(io::address_text(place))) {
        auto route = co_await find(std::move(ask));
        if (route) {
            ++board.counters.sni_streams;
            const std::string_view no_greeting;
            const bool taken = co_await carry(*route, portal, no_greeting, early);
            if (taken) co_return true;
        }
    }
    ++board.counters.sni_refused;
    log(Level::info, "TLS from " + peer + " by name is not passed through");
    const auto told = co_await io::within(open_limit, portal.write(unrecognized_name));
    static_cast<void>(told);
    co_return true;
}

}  // namespace shuttle::relay
