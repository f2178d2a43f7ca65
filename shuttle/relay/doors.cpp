// From a listening socket to a job of the supervisor for each connection.
#include "shuttle/core/handshake.hpp"
#include "shuttle/relay/relay_impl.hpp"

#include <boost/asio/redirect_error.hpp>

namespace shuttle::relay {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

constexpr auto accept_pause = 100ms;

}  // namespace

io::Told<void> Relay::Impl::open(const std::vector<std::string>& addresses, std::vector<Acceptor> handed_over, Door& door) {
    for (auto& acceptor : handed_over) listen(std::move(acceptor), door);
    if (!handed_over.empty()) return {};
    for (const auto& address : addresses) {
        auto acceptor = io::listen_on(network, address);
        if (!acceptor) return {boost::system::in_place_error, acceptor.error()};
        listen(std::move(*acceptor), door);
    }
    return {};
}

void Relay::Impl::listen(Acceptor acceptor, Door& door) {
    error_code error;  // an acceptor that listens has an address
    door.listening.push_back(io::text_of(acceptor.local_endpoint(error)));
    auto held = std::make_shared<Acceptor>(std::move(acceptor));
    acceptors.push_back(held);
    auto work = [self = shared_from_this(), held, &door]() { return self->accept(held, door); };
    supervisor.start(std::string("accept ") + door.who + "s on " + door.listening.back(), std::move(work), io::OnFailure::restart);
}

void Relay::Impl::close_doors() {
    for (const auto& acceptor : acceptors) {
        error_code ignored;  // closing one that is closed already is all that can go wrong
        acceptor->close(ignored);
    }
}

asio::awaitable<void> Relay::Impl::accept(std::shared_ptr<Acceptor> acceptor, Door& door) {
    while (acceptor->is_open()) {
        error_code error;
        auto socket = co_await acceptor->async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error && !acceptor->is_open()) co_return;
        if (error) {
            // No more descriptors, most likely: connections that end will free some.
            const bool go_on = co_await io::pause(accept_pause);
            if (!go_on) co_return;
            continue;
        }
        const auto peer = socket.remote_endpoint(error);
        if (!error) welcome(std::move(socket), door, io::address_text(peer), io::text_of(peer));
    }
}

void Relay::Impl::welcome(Socket socket, Door& door, std::string address, std::string peer) {
    if (door.came != nullptr) ++(board.counters.*door.came);
    if (!door.keeper.admits(address, door.most, door.most_per_address)) {
        ++(board.counters.*door.refused);
        return;
    }
    // Jobs can be copied, sockets cannot.
    auto held = std::make_shared<Socket>(std::move(socket));
    auto serve = [self = shared_from_this(), held, &door, address, peer]() -> asio::awaitable<void> {
        struct Leave {
            Doorkeeper& keeper;
            const std::string& address;
            ~Leave() { keeper.leave(address); }
        };
        const auto impl = self;
        const std::string from = address;
        const Leave leave{door.keeper, from};
        co_await ((*impl).*door.serve)(held, peer);
    };
    door.keeper.enter(address);
    supervisor.start(std::string(door.who) + " from " + peer, std::move(serve));
}

}  // namespace shuttle::relay
