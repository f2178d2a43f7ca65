// agent-crowd: many agents in one process, for load. Each has a key and an identity of its own and keeps a real tunnel (dialer,
// handshake, pauses, multiplexer); what the relay opens ends at one backend, where one real agent or a web server listens.
//
//   agent-crowd enrol --registry FILE --count N      makes them known to a relay that does not run; prints their ids
//   agent-crowd run --count N --backend HOST:PORT    reads a join code of the relay (its name, key and address; the secret is
//                                                    not used) from standard input, which ends it; prints a line of JSON when
//                                                    the number of tunnels has changed, ten times a second at most
//
// Keys follow from --seed and a number. What it is not: an agent's API.
#include "shuttle/core/join_code.hpp"
#include "shuttle/io/keys.hpp"
#include "shuttle/io/splice.hpp"
#include "shuttle/io/tcp_transport.hpp"
#include "shuttle/io/uplink.hpp"
#include "shuttle/io/wait.hpp"
#include "shuttle/relay/registry.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <ctime>
#include <iostream>
#include <unistd.h>

namespace {

namespace asio = boost::asio;
namespace core = shuttle::core;
namespace io = shuttle::io;
namespace relay = shuttle::relay;
using namespace std::chrono_literals;

constexpr auto idle = std::chrono::seconds(3600);

struct Options {
    std::string seed = "crowd";
    std::string registry;
    std::string backend;
    std::string group = "default";
    std::size_t count = 1;
    unsigned spread_s = 0;
};

core::Digest digest_of(const Options& options, std::size_t number) {
    const std::string text = options.seed + " " + std::to_string(number);
    return io::sha256({reinterpret_cast<const core::Byte*>(text.data()), text.size()});
}

std::string id_of(const Options& options, std::size_t number) {
    return ("a" + core::base32(digest_of(options, number))).substr(0, 12);
}

int enrol(const Options& options) {
    auto registry = relay::Registry::open(options.registry);
    if (!registry) throw std::runtime_error(registry.error());
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    for (std::size_t number = 0; number < options.count; ++number) {
        relay::JoinRecord join;
        const auto mark = static_cast<std::uint64_t>(number) + 1;
        for (std::size_t i = 0; i < join.id.size(); ++i) join.id[i] = static_cast<core::Byte>(mark >> (8 * i));
        join.group = options.group;
        join.expires = now + 3600;
        relay::AgentRecord agent;
        agent.id = id_of(options, number);
        agent.key = io::Key::from(digest_of(options, number))->public_key();
        agent.group = options.group;
        agent.host = "crowd" + std::to_string(number);
        agent.joined = now;
        const auto added = registry->add_join(join, "agent-crowd", now);
        if (!added) throw std::runtime_error(added.error());
        const auto enrolled = registry->enrol(join.id, agent, "nowhere", now);
        if (!enrolled || !*enrolled) throw std::runtime_error(enrolled ? "a join code was used already" : enrolled.error());
        std::cout << agent.id << "\n";
    }
    return 0;
}

class Crowd {
public:
    Crowd(asio::io_context& network, const Options& options)
        : network_(network), options_(options), supervisor_(network.get_executor(), [](const std::string&, const std::string&) {}) {}

    void begin(const core::JoinCode& code) {
        const auto place = core::parse_host_port(options_.backend);
        backend_ = asio::ip::tcp::endpoint(asio::ip::make_address(place->host), place->port);
        for (std::size_t number = 0; number < options_.count; ++number) {
            io::DialTarget target;
            target.relay = core::parse_host_port(code.address).value();
            target.intent = {code.relay, code.relay_key, id_of(options_, number), {}, "crowd", "agent-crowd"};
            target.key = io::Key::from(digest_of(options_, number));
            target.proxy = "none";
            target.pool = pool_.get_executor();
            auto serve = [this](io::TunnelStream stream) { return this->serve(std::move(stream)); };
            auto tell = [this](const std::string&) { changed_ = true; };
            uplinks_.push_back(std::make_unique<io::Uplink>(network_.get_executor(), supervisor_, std::move(target), serve, tell));
            auto run = [this, number] { return this->run(number); };
            supervisor_.start("uplink", std::move(run), io::OnFailure::restart);
        }
        auto report = [this] { return this->report(); };
        supervisor_.start("report", std::move(report));
    }

private:
    asio::awaitable<void> run(std::size_t number) {
        const bool go_on = co_await io::pause(std::chrono::milliseconds(options_.spread_s * 1000ULL * number / options_.count));
        if (go_on) co_await uplinks_[number]->run();
    }

    asio::awaitable<void> serve(io::TunnelStream stream) {
        asio::ip::tcp::socket socket(network_);
        const auto [failed] = co_await socket.async_connect(backend_, asio::as_tuple(asio::use_awaitable));
        if (failed) {
            stream.reset();
            co_return;
        }
        io::TcpTransport transport(std::move(socket));
        io::Carried carried;
        co_await io::splice(transport, stream, idle, carried);
    }

    asio::awaitable<void> report() {
        for (;;) {
            const bool go_on = co_await io::pause(100ms);
            if (!go_on) co_return;
            if (!std::exchange(changed_, false)) continue;
            std::size_t connected = 0;
            std::uint64_t connections = 0;
            std::string problem;
            for (const auto& uplink : uplinks_) {
                const auto facts = uplink->facts();
                connected += facts.state == io::UplinkState::connected ? 1 : 0;
                connections += facts.connections;
                if (!facts.problem.empty()) problem = facts.problem;
            }
            for (auto& letter : problem) letter = letter == '"' || letter == '\\' ? '\'' : letter;
            const auto at = std::chrono::steady_clock::now().time_since_epoch() / 1ms;
            std::cout << "{\"at_ms\":" << at << ",\"connected\":" << connected << ",\"connections\":" << connections << ",\"problem\":\""
                      << problem << "\"}" << std::endl;
        }
    }

    asio::io_context& network_;
    const Options& options_;
    asio::thread_pool pool_{1};
    io::Supervisor supervisor_;
    asio::ip::tcp::endpoint backend_;
    std::vector<std::unique_ptr<io::Uplink>> uplinks_;
    bool changed_ = true;
};

int run(const Options& options) {
    std::string line;
    std::getline(std::cin, line);
    core::JoinCodeFault fault{};
    const auto code = core::decode_join_code(line, fault);
    if (!code || !core::parse_host_port(options.backend)) throw std::runtime_error("no join code on standard input, or no backend");
    asio::io_context network{1};
    Crowd crowd(network, options);
    crowd.begin(*code);
    asio::posix::stream_descriptor input(network, ::dup(STDIN_FILENO));
    char more = 0;
    input.async_read_some(asio::buffer(&more, 1), [](boost::system::error_code, std::size_t) { std::_Exit(0); });
    network.run();
    return 0;
}

}  // namespace

int main(int count, char** words) {
    Options options;
    CLI::App app("Many agents in one process.");
    app.require_subcommand(1);
    auto* enrolling = app.add_subcommand("enrol");
    auto* running = app.add_subcommand("run");
    for (auto* verb : {enrolling, running}) {
        verb->add_option("--seed", options.seed);
        verb->add_option("--count", options.count)->required();
    }
    enrolling->add_option("--registry", options.registry)->required();
    enrolling->add_option("--group", options.group);
    running->add_option("--backend", options.backend)->required();
    running->add_option("--spread", options.spread_s, "seconds over which the first dials are spread");
    CLI11_PARSE(app, count, words);
    try {
        return enrolling->parsed() ? enrol(options) : run(options);
    } catch (const std::exception& failure) {
        std::cerr << "agent-crowd: " << failure.what() << "\n";
        return 1;
    }
}
