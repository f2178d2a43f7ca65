// What the relay's sources share. Internal to shuttle/relay. What it is not: an interface; relay.hpp is.
#pragma once

#include "shuttle/core/handshake.hpp"
#include "shuttle/io/listening.hpp"
#include "shuttle/io/wait.hpp"
#include "shuttle/relay/allow_list.hpp"
#include "shuttle/relay/doors.hpp"
#include "shuttle/relay/health.hpp"
#include "shuttle/relay/relay.hpp"

namespace shuttle::relay {

struct Relay::Impl : std::enable_shared_from_this<Relay::Impl> {
    Impl(boost::asio::any_io_executor executor, Config settings, Material what, Registry book, Log line);

    using Socket = boost::asio::ip::tcp::socket;
    using Acceptor = boost::asio::ip::tcp::acceptor;
    using Door = relay::Door<Impl>;

    // doors.cpp
    io::Told<void> open(const std::vector<std::string>& addresses, std::vector<Acceptor> handed_over, Door& door);
    void listen(Acceptor acceptor, Door& door);
    void close_doors();
    boost::asio::awaitable<void> accept(std::shared_ptr<Acceptor> acceptor, Door& door);
    void welcome(Socket socket, Door& door, std::string address, std::string peer);

    // relay.cpp
    boost::asio::awaitable<void> watch_registry();
    boost::asio::awaitable<io::Told<void>> read_registry();
    boost::asio::awaitable<void> follow_registry();  // reads it where it has changed
    void note_registry(const std::string& problem);  // empty: none
    boost::asio::awaitable<void> remember_seen();

    // agents_port.cpp
    boost::asio::awaitable<void> serve_agent(std::shared_ptr<Socket> socket, std::string peer);
    boost::asio::awaitable<core::Verdict> decide(core::RelayHandshake& handshake, const std::string& peer);
    boost::asio::awaitable<core::Verdict> let_join(core::RelayHandshake& handshake, const std::string& peer);

    // portal_port.cpp
    boost::asio::awaitable<void> serve_portal(std::shared_ptr<Socket> socket, std::string peer);

    // passing.cpp
    boost::asio::awaitable<Found> find(std::function<Found()> ask);
    boost::asio::awaitable<bool> carry(Route route, io::Transport& portal, std::string_view greeting, std::span<const std::uint8_t> early);
    boost::asio::awaitable<bool> pass_by_name(std::shared_ptr<Socket> socket, std::vector<std::uint8_t>& early, std::string peer);

    // events.cpp
    boost::asio::awaitable<void> know_agents();
    void note_events(const std::string& what, const std::string& problem);  // empty: it went well
    boost::asio::awaitable<void> watch_health();
    boost::asio::awaitable<void> tell_of(std::vector<HealthEvent> events, std::int64_t now);
    boost::asio::awaitable<void> send_out();
    boost::asio::awaitable<void> serve_hook(HookRecord hook);

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
    Door agents_door, portal_door;
    AllowList sni_allow;
    bool has_successor = false;
    std::int64_t started = 0;
    std::int64_t drain_wanted_before = 0;
    bool drain_wanted = false;
    std::int64_t registry_version = -1;
    std::string registry_problem;      // why it could not be read just now; empty: it could
    std::uint64_t registry_turns = 0;  // how often that has changed

    struct HookLine {  // to one webhook
        bool busy = false;
        std::int64_t failures = 0;  // in a row
        core::TimePoint next_try{};
    };
    Health health;
    bool agents_changed = false;                         // health has to know them anew
    bool hooks_pending = true;                           // something may wait for a webhook
    std::map<std::string, std::string> events_problems;  // by what was tried last
    std::map<std::string, HookLine> hook_lines;
    std::uint64_t events_told = 0, hooks_delivered = 0, hooks_failed = 0;
    std::int64_t hooks_waiting = 0;
};

[[nodiscard]] std::string metrics_of(const Relay::Impl& relay);  // state.cpp

}  // namespace shuttle::relay
