// A relay in this process, agents that answer every stream with what comes in, and portals that speak to it by TLS. What it is not:
// the programs; tests/e2e has those.
#pragma once

#include "shuttle/io/tls_transport.hpp"
#include "shuttle/io/uplink.hpp"
#include "shuttle/io/wait.hpp"
#include "shuttle/relay/relay.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>

namespace relay_world {

using shuttle::relay::Allowance;

// One connection to the portals' port.
class Visitor {
public:
    Visitor(boost::asio::io_context& network, unsigned short port);
    // The head of the answer. `sni`: the name that TLS asks for; empty: none.
    boost::asio::awaitable<std::string> ask(std::string head, std::string sni = {});
    // Without TLS: sends `bytes` and gives what comes back, at most `most` bytes, until an end.
    boost::asio::awaitable<std::vector<std::uint8_t>> exchange(std::vector<std::uint8_t> bytes, std::size_t most);
    [[nodiscard]] shuttle::io::Transport& transport() { return transport_; }
    void leave() { transport_.close(); }

private:
    shuttle::io::TlsStream stream_;
    unsigned short port_;
    shuttle::io::TlsTransport transport_;
};

// The first message of TLS as OpenSSL sends it. `name` null: without one.
[[nodiscard]] std::vector<std::uint8_t> client_hello(const char* name, int most_version = 0);

class World {
public:
    explicit World(const std::function<void(shuttle::relay::Config&)>& adjust = {});
    ~World();

    // Known to the registry, without a tunnel.
    void know(const std::string& agent, const std::string& group = "default", const Allowance& allowance = {});
    void dial(const std::string& agent);  // it makes its tunnel
    void hang_up(const std::string& agent);
    [[nodiscard]] std::string token(const std::string& name, const Allowance& allowance = {});
    [[nodiscard]] std::unique_ptr<Visitor> visitor();
    [[nodiscard]] static std::string connect(const std::string& agent, const std::string& token);
    [[nodiscard]] shuttle::relay::Relay& relay() { return *relay_; }
    [[nodiscard]] std::uint64_t heard() const { return heard_; }  // bytes that agents have read
    // Runs `test` and everything else until it returns; throws what it throws.
    void play(const std::function<boost::asio::awaitable<void>()>& test);
    template <class Holds>
    boost::asio::awaitable<void> until(Holds holds) {
        while (!holds()) {
            const bool go_on = co_await shuttle::io::pause(std::chrono::milliseconds(5));
            if (!go_on) co_return;
        }
    }

    boost::asio::io_context network;

private:
    struct Caller {
        std::shared_ptr<const shuttle::io::Key> key;
        std::unique_ptr<shuttle::io::Uplink> uplink;
    };
    boost::asio::awaitable<void> echo(shuttle::io::TunnelStream stream);
    [[nodiscard]] shuttle::relay::Registry open_registry() const;

    std::filesystem::path directory_;
    boost::asio::thread_pool pool_{1};
    shuttle::io::Supervisor supervisor_;
    shuttle::relay::Material material_;
    std::unique_ptr<shuttle::relay::Relay> relay_;
    std::map<std::string, Caller> callers_;
    std::uint64_t heard_ = 0;
    int tokens_ = 0;
};

}  // namespace relay_world
