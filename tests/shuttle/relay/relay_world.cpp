#include "relay_world.hpp"

#include "shuttle/io/keys.hpp"
#include "tests/support/play.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

namespace relay_world {

namespace asio = boost::asio;
namespace io = shuttle::io;
namespace core = shuttle::core;
using namespace shuttle::relay;
using namespace std::chrono_literals;

namespace {

asio::ssl::context& trusting() {
    static asio::ssl::context context(asio::ssl::context::tls_client);
    return context;
}

unsigned short port_of(const std::string& address) {
    unsigned short port = 0;
    const auto colon = address.rfind(':');
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    return port;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Visitor::Visitor(asio::io_context& network, unsigned short port) : stream_(network, trusting()), port_(port), transport_(stream_) {}

asio::awaitable<std::string> Visitor::ask(std::string head, std::string sni) {
    if (!sni.empty()) SSL_set_tlsext_host_name(stream_.native_handle(), sni.c_str());
    const asio::ip::tcp::endpoint place(asio::ip::address_v4::loopback(), port_);
    co_await stream_.next_layer().async_connect(place, asio::use_awaitable);
    const auto [unshaken] = co_await stream_.async_handshake(asio::ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
    if (unshaken) co_return std::string();
    const auto failed = co_await transport_.write(bytes_of(head));
    std::string answer;
    std::array<std::uint8_t, 1> byte{};
    while (!failed && !answer.ends_with("\r\n\r\n")) {
        const auto got = co_await transport_.read(byte);
        if (!got) break;
        answer += static_cast<char>(byte[0]);
    }
    co_return answer;
}

asio::awaitable<std::vector<std::uint8_t>> Visitor::exchange(std::vector<std::uint8_t> bytes, std::size_t most) {
    auto& socket = stream_.next_layer();
    const asio::ip::tcp::endpoint place(asio::ip::address_v4::loopback(), port_);
    co_await socket.async_connect(place, asio::use_awaitable);
    co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
    std::vector<std::uint8_t> got(most);
    std::size_t size = 0;
    while (size < most) {
        const auto room = asio::buffer(got.data() + size, most - size);
        const auto [error, more] = co_await socket.async_read_some(room, asio::as_tuple(asio::use_awaitable));
        if (error) break;
        size += more;
    }
    got.resize(size);
    co_return got;
}

std::vector<std::uint8_t> client_hello(const char* name, int most_version) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    SSL_CTX_set_max_proto_version(context.get(), most_version);
    const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(context.get()), SSL_free);
    BIO* out = BIO_new(BIO_s_mem());
    SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), out);
    if (name != nullptr) SSL_set_tlsext_host_name(client.get(), name);
    REQUIRE(SSL_connect(client.get()) == -1);
    std::vector<std::uint8_t> bytes(BIO_ctrl_pending(out));
    REQUIRE(BIO_read(out, bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size()));
    return bytes;
}

World::World(const std::function<void(Config&)>& adjust)
    : directory_(std::filesystem::temp_directory_path() / ("imc-relay-" + std::to_string(io::random_bits()))),
      supervisor_(network.get_executor(), [](const std::string& job, const std::string& what) { WARN(job << ": " << what); }) {
    std::filesystem::create_directories(directory_);
    Config config;
    config.agents_listen = config.portal_listen = {"127.0.0.1:0"};
    config.handshake_seconds = 5;
    if (adjust) adjust(config);
    material_.key = io::Key::make();
    material_.agents = *io::make_self_signed("localhost");
    material_.portal = *io::make_self_signed("localhost");
    const auto log = [](Level, const std::string&) {};
    relay_ = std::make_unique<Relay>(network.get_executor(), config, material_, open_registry(), log);
    play([this]() -> asio::awaitable<void> {
        HandedOver none;
        const auto started = co_await relay_->start(std::move(none));
        if (!started) throw std::runtime_error(started.error());
    });
}

World::~World() {
    for (auto& [agent, caller] : callers_) {
        if (caller.uplink) caller.uplink->stop();
    }
    play([this]() -> asio::awaitable<void> {
        co_await relay_->stop(0s);
        const auto left = co_await supervisor_.stop(3s);
        for (const auto& job : left) WARN("would not end: " << job);
    });
    relay_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

Registry World::open_registry() const {
    auto registry = Registry::open((directory_ / "registry.db").string());
    REQUIRE(registry.has_value());
    return std::move(*registry);
}

void World::know(const std::string& agent, const std::string& group, const Allowance& allowance) {
    auto registry = open_registry();
    const auto now = unix_now();
    core::JoinId code{};
    code[0] = static_cast<core::Byte>(callers_.size() + 1);
    REQUIRE(registry.add_join({code, {}, group, now + 60}, "test", now).has_value());
    AgentRecord record;
    record.id = agent;
    record.group = group;
    record.joined = now;
    auto& caller = callers_[agent];
    caller.key = io::Key::make();
    record.key = caller.key->public_key();
    REQUIRE(*registry.enrol(code, record, "test", now));
    if (allowance != Allowance{}) REQUIRE(*registry.allow("agent", agent, allowance, "test", now));
    play([&]() -> asio::awaitable<void> { co_await until([&] { return relay_->switchboard().agent(agent) != nullptr; }); });
}

void World::dial(const std::string& agent) {
    auto& caller = callers_.at(agent);
    io::DialTarget target;
    target.relay = {"127.0.0.1", port_of(relay_->agents_listening().front())};
    target.intent.relay = "relay";
    target.intent.relay_key = material_.key->public_key();
    target.intent.agent = agent;
    target.intent.host = "SRV1";
    target.intent.software = "test";
    target.key = caller.key;
    target.proxy = "none";
    target.pool = pool_.get_executor();
    auto serve = [this](io::TunnelStream stream) { return echo(std::move(stream)); };
    caller.uplink = std::make_unique<io::Uplink>(network.get_executor(), supervisor_, std::move(target), serve, [](const std::string&) {});
    auto run = [&caller]() { return caller.uplink->run(); };
    supervisor_.start("uplink of " + agent, std::move(run));
}

void World::hang_up(const std::string& agent) {
    callers_.at(agent).uplink->stop();
}

asio::awaitable<void> World::echo(io::TunnelStream stream) {
    std::array<std::uint8_t, 16 * 1024> buffer{};
    for (;;) {
        const auto got = co_await stream.read(buffer);
        if (!got || *got == 0) break;
        heard_ += *got;
        const auto failed = co_await stream.write(std::span(buffer).first(*got));
        if (failed) break;
    }
    stream.shutdown();
}

std::string World::token(const std::string& name, const Allowance& allowance) {
    auto registry = open_registry();
    TokenRecord record;
    const std::string secret = "ims_secret_of_" + name;
    record.id = "t" + std::to_string(++tokens_);
    record.name = name;
    record.sha256 = io::sha256(bytes_of(secret));
    record.groups = {"*"};
    record.created = unix_now();
    record.allowance = allowance;
    REQUIRE(registry.add_token(record, "test", record.created).has_value());
    return secret;
}

std::unique_ptr<Visitor> World::visitor() {
    return std::make_unique<Visitor>(network, port_of(relay_->portal_listening().front()));
}

std::string World::connect(const std::string& agent, const std::string& token) {
    return "CONNECT " + agent + ":443 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Bearer " + token + "\r\n\r\n";
}

void World::play(const std::function<asio::awaitable<void>()>& test) {
    imc::test::play(network, test);
}

}  // namespace relay_world
