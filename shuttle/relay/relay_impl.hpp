// What the relay's sources share. Internal to shuttle/relay. What it is not: an interface; relay.hpp is.
#pragma once

#include "shuttle/core/handshake.hpp"
#include "shuttle/io/listening.hpp"
#include "shuttle/io/wait.hpp"
#include "shuttle/relay/relay.hpp"

#include <map>

namespace shuttle::relay {

// Counts connections of one port, and of each address.
class Doorkeeper {
public:
    [[nodiscard]] bool admits(const std::string& address, std::int64_t most, std::int64_t most_per_address) const {
        const auto here = by_address_.find(address);
        return open_ < most && (here == by_address_.end() || here->second < most_per_address);
    }
    void enter(const std::string& address) {
        ++open_;
        ++by_address_[address];
    }
    void leave(const std::string& address) {
        --open_;
        const auto here = by_address_.find(address);
        if (here != by_address_.end() && --here->second == 0) by_address_.erase(here);
    }
    [[nodiscard]] std::int64_t open() const { return open_; }

private:
    std::int64_t open_ = 0;
    std::map<std::string, std::int64_t> by_address_;
};

struct Relay::Impl : std::enable_shared_from_this<Relay::Impl> {
    Impl(boost::asio::any_io_executor executor, Config settings, Material what, Registry book, Log line);

    using Socket = boost::asio::ip::tcp::socket;
    using Acceptor = boost::asio::ip::tcp::acceptor;
    using Welcome = void (Impl::*)(Socket, std::string address, std::string peer);

    // relay.cpp
    io::Told<std::vector<std::string>> listen(const std::vector<std::string>& addresses, const char* port, Welcome welcome);
    boost::asio::awaitable<void> accept(std::shared_ptr<Acceptor> acceptor, Welcome welcome);
    boost::asio::awaitable<void> watch_registry();
    boost::asio::awaitable<io::Told<void>> read_registry();
    boost::asio::awaitable<void> follow_registry();  // reads it where it has changed
    void note_registry(const std::string& problem);  // empty: none
    boost::asio::awaitable<void> remember_seen();

    // agents_port.cpp
    void welcome_agent(Socket socket, std::string address, std::string peer);
    boost::asio::awaitable<void> serve_agent(std::shared_ptr<Socket> socket, std::string peer);
    boost::asio::awaitable<core::Verdict> decide(core::RelayHandshake& handshake, const std::string& peer);
    boost::asio::awaitable<core::Verdict> let_join(core::RelayHandshake& handshake, const std::string& peer);

    // portal_port.cpp
    void welcome_portal(Socket socket, std::string address, std::string peer);
    boost::asio::awaitable<void> serve_portal(std::shared_ptr<Socket> socket, std::string peer);

    // `function(Registry&)` on its thread. Name the lambda and move it in (gcc bugzilla 107288).
    template <class Function>
    auto with_registry(Function function) -> boost::asio::awaitable<std::invoke_result_t<Function, Registry&>> {
        auto call = [self = shared_from_this(), f = std::move(function)]() mutable { return f(self->registry); };
        co_return co_await io::on(pool.get_executor(), std::move(call));
    }

    boost::asio::any_io_executor network;
    Config config;
    Material material;
    Registry registry;
    Log log;
    boost::asio::thread_pool pool{1};
    io::Supervisor supervisor;
    Switchboard board;
    io::OpenSslCrypto crypto;
    io::TlsContext agents_tls, portal_tls;
    core::Digest agents_certificate{};
    std::vector<std::shared_ptr<Acceptor>> acceptors;
    std::vector<std::string> agents_listening, portal_listening;
    Doorkeeper agents_door, portal_door;
    std::int64_t started = 0;
    std::int64_t drain_wanted_before = 0;
    bool drain_wanted = false;
    std::int64_t registry_version = -1;
    std::string registry_problem;      // why it could not be read just now; empty: it could
    std::uint64_t registry_turns = 0;  // how often that has changed
};

[[nodiscard]] std::string metrics_of(const Relay::Impl& relay);  // state.cpp

}  // namespace shuttle::relay
