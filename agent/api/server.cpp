#include "agent/api/server.hpp"

#include "agent/api/connection.hpp"
#include "shuttle/io/listening.hpp"
#include "shuttle/io/wait.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

namespace imc::api {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using shuttle::io::address_text;
using shuttle::io::listen_on;
using shuttle::io::text_of;

namespace {

constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
    Impl(asio::any_io_executor home, shuttle::io::Supervisor& jobs, Admit may_enter)
        : network(std::move(home)), supervisor(jobs), admit(std::move(may_enter)), shared(std::make_shared<Shared>()) {}

    asio::any_io_executor network;
    shuttle::io::Supervisor& supervisor;
    Admit admit;
    std::shared_ptr<Shared> shared;
    std::vector<std::shared_ptr<tcp::acceptor>> acceptors;
    std::map<std::uint64_t, std::shared_ptr<Connection>> connections;
    std::uint64_t last_id = 0;
    std::map<std::string, std::int64_t> by_caller;  // open connections

    // `callers`: what those who come this way are called; empty: each by its address.
    asio::awaitable<void> accept(std::shared_ptr<tcp::acceptor> acceptor, std::string callers) {
        while (!shared->stopping) {
            error_code error;
            auto socket = co_await acceptor->async_accept(asio::redirect_error(asio::use_awaitable, error));
            if (shared->stopping) co_return;
            if (!error) {
                welcome(std::move(socket), callers);
                continue;
            }
            // No more descriptors, most likely: connections that end will free some.
            if (!co_await shuttle::io::pause(accept_pause)) co_return;
        }
    }

    [[nodiscard]] bool admitted(const std::string& caller, bool named) {
        const auto here = by_caller.find(caller);
        const auto& limits = shared->limits;
        if (static_cast<std::int64_t>(shared->counters.open_connections) >= limits.max_connections) return false;
        // Many come by one name, and never so many that nobody else can.
        const auto most = named ? (limits.max_connections + 1) / 2 : limits.max_connections_per_address;
        if (here != by_caller.end() && here->second >= most) return false;
        return shared->context && (named || admit(caller));
    }

    void welcome(tcp::socket socket, const std::string& callers) {
        error_code error;
        const auto peer = socket.remote_endpoint(error);
        if (error) return;  // it has left already
        const bool named = !callers.empty();
        const auto caller = named ? callers : address_text(peer);
        ++shared->counters.connections;
        if (!admitted(caller, named)) {
            ++shared->counters.refused;
            return;
        }
        const auto id = ++last_id;
        connections.emplace(id, std::make_shared<Connection>(std::move(socket), caller, shared));
        ++shared->counters.open_connections;
        ++by_caller[caller];
        auto serve = [self = shared_from_this(), id, caller]() { return self->serve(id, caller); };
        supervisor.start("connection from " + text_of(peer), std::move(serve));
    }

    asio::awaitable<void> serve(std::uint64_t id, std::string caller) {
        struct Leave {
            Impl& impl;
            std::uint64_t id;
            const std::string& caller;
            ~Leave() { impl.forget(id, caller); }
        };
        const auto connection = connections.at(id);
        const Leave leave{*this, id, caller};
        co_await connection->run();
    }

    void forget(std::uint64_t id, const std::string& caller) {
        --shared->counters.open_connections;
        connections.erase(id);
        const auto here = by_caller.find(caller);
        if (here != by_caller.end() && --here->second == 0) by_caller.erase(here);
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

Server::Server(asio::any_io_executor network, shuttle::io::Supervisor& supervisor, ServerLimits limits, Authenticate authenticate,
               Admit admit, Handler handler)
    : impl_(std::make_shared<Impl>(std::move(network), supervisor, std::move(admit))) {
    auto& shared = *impl_->shared;
    shared.limits = limits;
    shared.authenticate = std::move(authenticate);
    shared.handler = std::move(handler);
    shared.failed = [&supervisor](const std::string& what) { supervisor.report("api", what); };
}

Server::~Server() {
    stop();
}

boost::system::result<std::vector<std::string>, std::string> Server::listen(const std::vector<std::string>& addresses,
                                                                            const std::string& callers) {
    std::vector<std::shared_ptr<tcp::acceptor>> made;
    std::vector<std::string> bound;
    for (const auto& address : addresses) {
        auto acceptor = listen_on(impl_->network, address);
        if (!acceptor) return acceptor.error();
        error_code error;  // an acceptor that listens has an address
        bound.push_back(text_of(acceptor->local_endpoint(error)));
        made.push_back(std::make_shared<tcp::acceptor>(std::move(*acceptor)));
    }
    for (std::size_t k = 0; k < made.size(); ++k) {
        impl_->acceptors.push_back(made[k]);
        auto accept = [impl = impl_, acceptor = made[k], callers]() { return impl->accept(acceptor, callers); };
        impl_->supervisor.start("accept on " + bound[k], std::move(accept), shuttle::io::OnFailure::restart);
    }
    return bound;
}

boost::system::result<void, std::string> Server::use(const TlsMaterial& material) {
    auto context = make_context(material);
    if (!context) return context.error();
    impl_->shared->context = std::move(*context);
    return boost::system::result<void, std::string>();
}

void Server::set_limits(ServerLimits limits) {
    impl_->shared->limits = limits;
}

const ServerCounters& Server::counters() const {
    return impl_->shared->counters;
}

void Server::stop() {
    impl_->shared->stopping = true;
    for (const auto& acceptor : impl_->acceptors) {
        error_code ignored;  // closing one that is closed already is all that can go wrong
        acceptor->close(ignored);
    }
    for (const auto& [id, connection] : impl_->connections) connection->stop();
}

}  // namespace imc::api
