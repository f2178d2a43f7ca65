// The port of portals: one request for each connection. CONNECT to an agent becomes a stream of its tunnel; /ready and /metrics tell
// how the relay fares.
#include "shuttle/io/tls_transport.hpp"
#include "shuttle/relay/relay_impl.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <nlohmann/json.hpp>

namespace shuttle::relay {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t largest_head = 8 * 1024;
constexpr auto wrong_token_pause = 1s;  // for whoever guesses
constexpr auto open_limit = 10s;
constexpr auto farewell = 1s;
constexpr std::string_view connected = "HTTP/1.1 200 Connected\r\n\r\n";

struct Answer {
    unsigned status = 200;
    std::string type = "application/json";
    std::string body;
    std::string header = {};  // one more, with its line end
};

Answer problem(const Refused& why) {
    Answer answer;
    answer.status = why.status;
    answer.type = "application/problem+json";
    answer.body = nlohmann::json({{"type", why.code}, {"status", why.status}, {"detail", why.says}}).dump() + "\n";
    if (why.status == 407) answer.header = "Proxy-Authenticate: Bearer\r\n";
    if (why.status == 401) answer.header = "WWW-Authenticate: Bearer\r\n";
    if (why.status == 503 || why.status == 429) answer.header = "Retry-After: 5\r\n";
    return answer;
}

std::string text_of(const Answer& answer) {
    const auto reason = http::obsolete_reason(static_cast<http::status>(answer.status));
    return "HTTP/1.1 " + std::to_string(answer.status) + " " + std::string(reason.data(), reason.size()) +
           "\r\nContent-Type: " + answer.type + "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\nConnection: close\r\n" +
           answer.header + "\r\n" + answer.body;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// One connection of a portal, from its first byte on.
class Visit {
public:
    Visit(std::shared_ptr<Relay::Impl> relay, Relay::Impl::Socket socket, std::string peer)
        : relay_(std::move(relay)), stream_(std::move(socket), *relay_->portal_tls), peer_(std::move(peer)) {}

    asio::awaitable<void> run() {
        const auto limit = std::chrono::seconds(relay_->config.handshake_seconds);
        const auto asked = co_await io::within(limit, receive());
        if (!asked || !*asked) co_return;
        if (request_.method() == http::verb::connect) {
            co_await connect();
        } else if (request_.method() == http::verb::get && request_.target() == "/metrics") {
            co_await tell_metrics();
        } else {
            auto answer = inform();
            co_await send(std::move(answer));
        }
    }

private:
    asio::awaitable<bool> receive() {
        const auto [unshaken] = co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::as_tuple(asio::use_awaitable));
        if (unshaken) co_return false;
        http::request_parser<http::empty_body> parser;
        parser.header_limit(largest_head);
        const auto [unread, size] = co_await http::async_read_header(stream_, buffer_, parser, asio::as_tuple(asio::use_awaitable));
        if (unread && unread != http::error::header_limit && unread != http::error::buffer_overflow) co_return false;
        if (unread) {
            auto answer = problem({431, "too-large", "The head of the request is larger than 8 KiB."});
            co_await send(std::move(answer));
            co_return false;
        }
        request_ = parser.release();
        co_return true;
    }

    [[nodiscard]] const TokenRecord* caller(http::field field) const {
        if (request_.count(field) != 1) return nullptr;
        const auto value = request_[field];
        return relay_->board.token({value.data(), value.size()}, unix_now());
    }

    // The same; one that was made just now is to work at once.
    asio::awaitable<const TokenRecord*> caller_or_new(http::field field) {
        const auto* token = caller(field);
        if (token != nullptr || request_.count(field) != 1) co_return token;
        co_await relay_->follow_registry();
        co_return caller(field);
    }

    asio::awaitable<void> connect() {
        auto& board = relay_->board;
        const auto* token = co_await caller_or_new(http::field::proxy_authorization);
        if (token == nullptr) {
            co_await turn_away(407);
            co_return;
        }
        const std::string target(request_.target().data(), request_.target().size());
        const auto route = board.authorise(*token, target);
        if (!route) {
            ++board.counters.streams_refused;
            auto answer = problem(route.error());
            co_await send(std::move(answer));
            co_return;
        }
        co_await carry(*route);
    }

    // `route` alone says where it goes; nothing of the request is looked at any more.
    asio::awaitable<void> carry(Route route) {
        auto& board = relay_->board;
        struct Opened {
            Switchboard& board;
            const Route& route;
            ~Opened() { board.closed(route); }
        };
        board.opened(route);
        const Opened opened{board, route};
        auto stream = co_await io::within(open_limit, route.session()->tunnel->open());
        if (!stream || !*stream) {
            ++board.counters.streams_refused;
            auto answer = problem({503, "agent-offline", "The agent takes no connection now."});
            co_await send(std::move(answer));
            co_return;
        }
        io::TlsTransport portal(stream_);
        const auto told = co_await io::within(open_limit, portal.write(bytes_of(connected)));
        if (!told || *told) co_return;
        if (buffer_.size() > 0) {  // it did not wait for the answer
            const auto early = buffer_.data();
            const std::span<const std::uint8_t> bytes(static_cast<const std::uint8_t*>(early.data()), early.size());
            const auto failed = co_await (*stream)->write(bytes);
            if (failed) co_return;
        }
        io::Carried carried;
        struct Count {
            Counters& counters;
            const io::Carried& carried;
            ~Count() {
                counters.bytes_up += carried.up;
                counters.bytes_down += carried.down;
            }
        };
        const Count count{board.counters, carried};
        co_await io::splice(portal, **stream, std::chrono::seconds(relay_->config.idle_seconds), carried);
    }

    Answer inform() {
        if (request_.method() != http::verb::get)
            return problem({405, "method-not-allowed", "There is CONNECT, and GET of /ready and /metrics."});
        if (request_.target() == "/ready") {
            const bool ready = !relay_->board.draining();
            Answer answer;
            answer.status = ready ? 200 : 503;
            answer.body = nlohmann::json{{"ready", ready}}.dump() + "\n";
            return answer;
        }
        return problem({404, "not-found", "There is CONNECT, and GET of /ready and /metrics."});
    }

    asio::awaitable<void> tell_metrics() {
        const auto* token = co_await caller_or_new(http::field::authorization);
        if (token == nullptr) {
            co_await turn_away(401);
            co_return;
        }
        Answer answer{200, "text/plain; version=0.0.4", metrics_of(*relay_)};
        co_await send(std::move(answer));
    }

    asio::awaitable<void> turn_away(unsigned status) {
        ++relay_->board.counters.portal_unauthenticated;
        relay_->log(Level::warning, "refused a portal from " + peer_ + ": no valid token");
        const bool go_on = co_await io::pause(wrong_token_pause);
        if (!go_on) co_return;
        const std::string field = status == 407 ? "Proxy-Authorization" : "Authorization";
        auto answer = problem({status, "unauthorized", "Send \"" + field + ": Bearer TOKEN\" with a token of this relay."});
        co_await send(std::move(answer));
    }

    asio::awaitable<void> send(Answer answer) {
        const auto text = text_of(answer);
        io::TlsTransport portal(stream_);
        const auto sent = co_await io::within(open_limit, portal.write(bytes_of(text)));
        if (!sent || *sent) co_return;
        auto goodbye = stream_.async_shutdown(asio::as_tuple(asio::use_awaitable));
        const auto done = co_await io::within(farewell, std::move(goodbye));
        static_cast<void>(done);
    }

    std::shared_ptr<Relay::Impl> relay_;
    io::TlsStream stream_;
    std::string peer_;
    beast::flat_buffer buffer_{2 * largest_head};
    http::request<http::empty_body> request_;
};

}  // namespace

void Relay::Impl::welcome_portal(Socket socket, std::string address, std::string peer) {
    ++board.counters.portal_connections;
    if (!portal_door.admits(address, config.max_portal_connections, config.max_portal_connections_per_address)) {
        ++board.counters.portal_refused;
        return;
    }
    auto held = std::make_shared<Socket>(std::move(socket));
    auto serve = [self = shared_from_this(), held, address, peer]() -> asio::awaitable<void> {
        struct Leave {
            Impl& impl;
            const std::string& address;
            ~Leave() { impl.portal_door.leave(address); }
        };
        const auto impl = self;
        const std::string from = address;
        const Leave leave{*impl, from};
        co_await impl->serve_portal(held, peer);
    };
    portal_door.enter(address);
    supervisor.start("portal from " + peer, std::move(serve));
}

asio::awaitable<void> Relay::Impl::serve_portal(std::shared_ptr<Socket> socket, std::string peer) {
    boost::system::error_code ignored;  // it is only slower without
    socket->set_option(asio::ip::tcp::no_delay(true), ignored);
    Visit visit(shared_from_this(), std::move(*socket), std::move(peer));
    co_await visit.run();
}

}  // namespace shuttle::relay
