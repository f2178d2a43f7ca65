#include "agent/api/server.hpp"

#include "agent/api/tls_connection.hpp"
#include "agent/api/server_tls.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <list>
#include <map>

namespace imc::api {
namespace {

using boost::asio::redirect_error;
using boost::asio::use_awaitable;
using boost::asio::ip::tcp;
using boost::system::error_code;

struct Parsed {
    tcp::endpoint endpoint;
    bool ok = false;
};

// "0.0.0.0:8443", "[::1]:0".
Parsed parse_endpoint(const std::string& text) {
    Parsed parsed;
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return parsed;
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const auto [rest, number] = std::from_chars(text.data() + colon + 1, end, port);
    error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error || number != std::errc() || rest != end || port > 65'535) return parsed;
    parsed.endpoint = tcp::endpoint(address, static_cast<unsigned short>(port));
    parsed.ok = true;
    return parsed;
}

std::string text_of(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

std::string plain_address(const boost::asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
    Impl(boost::asio::any_io_executor home, shuttle::io::Supervisor& jobs, Admit may_enter)
        : network(std::move(home)), supervisor(jobs), admit(std::move(may_enter)), shared(std::make_shared<Shared>()) {}

    boost::asio::any_io_executor network;
    shuttle::io::Supervisor& supervisor;
    Admit admit;
    std::shared_ptr<Shared> shared;
    std::list<tcp::acceptor> acceptors;
    std::list<std::weak_ptr<Connection>> connections;
    std::map<std::string, std::int64_t> by_address;

    // Gives what is wrong in a sentence; empty: the acceptor is the last of the list.
    std::string bind(const std::string& text) {
        const auto parsed = parse_endpoint(text);
        if (!parsed.ok) return "cannot listen on \"" + text + "\": it is no address and port";
        error_code error;
        tcp::acceptor acceptor(network);
        acceptor.open(parsed.endpoint.protocol(), error);
        if (!error && parsed.endpoint.address().is_v6()) acceptor.set_option(boost::asio::ip::v6_only(true), error);
#ifndef _WIN32
        // On Windows this option would let another program take the port.
        if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
#endif
        if (!error) acceptor.bind(parsed.endpoint, error);
        if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
        if (error) return "cannot listen on " + text + ": " + error.message();
        acceptors.push_back(std::move(acceptor));
        return {};
    }

    boost::asio::awaitable<void> accept(tcp::acceptor& acceptor) {
        while (!shared->stopping) {
            error_code error;
            tcp::socket socket = co_await acceptor.async_accept(redirect_error(use_awaitable, error));
            if (shared->stopping) co_return;
            if (error) {
                // No more descriptors, most likely: connections that end will free some.
                boost::asio::steady_timer rest(network, std::chrono::milliseconds(100));
                co_await rest.async_wait(use_awaitable);
                continue;
            }
            welcome(std::move(socket));
        }
    }

    void welcome(tcp::socket socket) {
        error_code error;
        const auto endpoint = socket.remote_endpoint(error);
        if (error) return;
        const auto address = plain_address(endpoint.address());
        auto& counters = shared->counters;
        const auto here = by_address.find(address);
        const bool many = static_cast<std::int64_t>(counters.open_connections) >= shared->limits.max_connections ||
                          (here != by_address.end() && here->second >= shared->limits.max_connections_per_address);
        if (many || !shared->context || !admit(address)) {
            ++counters.refused;
            return;
        }
        ++counters.connections;
        ++counters.open_connections;
        ++by_address[address];
        auto connection = std::make_shared<Connection>(std::move(socket), address, shared);
        connections.remove_if([](const auto& weak) { return weak.expired(); });
        connections.push_back(connection);
        auto serve = [self = shared_from_this(), connection, address]() { return self->serve(connection, address); };
        supervisor.start("connection from " + address, std::move(serve));
    }

    boost::asio::awaitable<void> serve(std::shared_ptr<Connection> connection, std::string address) {
        struct Leave {
            Impl& impl;
            const std::string& from;
            ~Leave() {
                --impl.shared->counters.open_connections;
                const auto here = impl.by_address.find(from);
                if (here != impl.by_address.end() && --here->second == 0) impl.by_address.erase(here);
            }
        };
        const Leave leave{*this, address};
        co_await connection->run();
    }
};

ServerLimits limits_of(const config::Config& config) {
    ServerLimits limits{};
    limits.max_connections = config.max_connections;
    limits.max_connections_per_address = config.max_connections_per_address;
    limits.max_requests_per_connection = config.max_requests_per_connection;
    limits.max_header_bytes = config.max_header_bytes;
    limits.max_body_bytes = config.max_body_bytes;
    limits.handshake_timeout = config.handshake_timeout_seconds;
    limits.header_timeout = config.header_timeout_seconds;
    limits.body_timeout = config.body_timeout_seconds;
    limits.write_timeout = config.write_timeout_seconds;
    limits.idle_timeout = config.idle_timeout_seconds;
    limits.max_event_streams = config.max_event_streams;
    return limits;
}

Server::Server(boost::asio::any_io_executor network, shuttle::io::Supervisor& supervisor, ServerLimits limits, Authenticate authenticate,
               Admit admit, Handler handler)
    : impl_(std::make_shared<Impl>(std::move(network), supervisor, std::move(admit))) {
    impl_->shared->limits = limits;
    impl_->shared->authenticate = std::move(authenticate);
    impl_->shared->handler = std::move(handler);
}

Server::~Server() { stop(); }

boost::system::result<std::vector<std::string>, std::string> Server::listen(const std::vector<std::string>& addresses) {
    std::vector<std::string> bound;
    for (const auto& address : addresses) {
        if (auto problem = impl_->bind(address); !problem.empty()) return problem;
        error_code error;
        bound.push_back(text_of(impl_->acceptors.back().local_endpoint(error)));
        auto accept = [impl = impl_, acceptor = &impl_->acceptors.back()]() { return impl->accept(*acceptor); };
        impl_->supervisor.start("accept on " + bound.back(), std::move(accept), shuttle::io::OnFailure::restart);
    }
    return bound;
}

boost::system::result<void, std::string> Server::use(const TlsMaterial& material) {
    auto context = make_context(material);
    if (!context) return context.error();
    impl_->shared->context = std::move(*context);
    return boost::system::result<void, std::string>();
}

void Server::set_limits(ServerLimits limits) { impl_->shared->limits = limits; }
const ServerCounters& Server::counters() const { return impl_->shared->counters; }

void Server::stop() {
    impl_->shared->stopping = true;
    for (auto& acceptor : impl_->acceptors) {
        error_code ignored;  // closing an acceptor that is closed already is all that can go wrong
        acceptor.close(ignored);
    }
    for (const auto& weak : impl_->connections) {
        if (const auto connection = weak.lock()) connection->close();
    }
}

}  // namespace imc::api
