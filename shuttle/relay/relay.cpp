#include "shuttle/core/handshake.hpp"
#include "shuttle/relay/relay_impl.hpp"

namespace shuttle::relay {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

constexpr auto registry_look = 200ms;
constexpr auto seen_every = 60s;
constexpr auto drain_look = 50ms;
constexpr auto farewell = 1500ms;
constexpr auto last_served = 3s;

}  // namespace

Relay::Impl::Impl(asio::any_io_executor executor, Config settings, Material what, Registry book, Log line)
    : network(std::move(executor)),
      config(std::move(settings)),
      material(std::move(what)),
      registry(std::move(book)),
      log(std::move(line)),
      supervisor(network, [this](const std::string& job, const std::string& problem) { log(Level::error, job + ": " + problem); }),
      board(config),
      started(unix_now()),
      health({config.events_grace_seconds, static_cast<std::size_t>(config.events_flaps), config.events_flap_minutes * 60}) {
    agents_door = {"agent",
                   config.max_agents + config.max_agents / 8 + 16,
                   config.max_agents_per_address,
                   nullptr,
                   &Counters::agents_refused,
                   &Impl::serve_agent};
    portal_door = {"portal",
                   config.max_portal_connections,
                   config.max_portal_connections_per_address,
                   &Counters::portal_connections,
                   &Counters::portal_refused,
                   &Impl::serve_portal};
}

asio::awaitable<io::Told<void>> Relay::Impl::read_registry() {
    auto read = [](Registry& book) -> io::Told<std::pair<std::int64_t, Everything>> {
        auto version = book.version();
        if (!version) return {boost::system::in_place_error, version.error()};
        auto all = book.everything();
        if (!all) return {boost::system::in_place_error, all.error()};
        return std::pair(*version, std::move(*all));
    };
    auto got = co_await with_registry(std::move(read));
    if (!got) co_return io::Told<void>(boost::system::in_place_error, got.error());
    if (registry_version < 0) drain_wanted_before = got->second.drain_wanted;
    registry_version = got->first;
    drain_wanted = drain_wanted || got->second.drain_wanted > drain_wanted_before;
    board.learn(std::move(got->second));
    agents_changed = hooks_pending = true;
    co_return io::Told<void>();
}

asio::awaitable<void> Relay::Impl::follow_registry() {
    auto look = [](Registry& book) { return book.version(); };
    const auto version = co_await with_registry(std::move(look));
    if (!version) co_return note_registry(version.error());
    if (*version == registry_version) co_return note_registry({});
    const auto read = co_await read_registry();
    note_registry(read ? std::string() : read.error());
}

// Said once for as long as it lasts: what was read last stands, so nobody new is revoked.
void Relay::Impl::note_registry(const std::string& problem) {
    if (problem == registry_problem) return;
    registry_problem = problem;
    ++registry_turns;
    if (problem.empty()) return log(Level::info, "the registry can be read again");
    log(Level::error, "the registry cannot be read, so revocations are not followed: " + problem);
}

// The command line revokes agents and tokens in the same file.
asio::awaitable<void> Relay::Impl::watch_registry() {
    auto remembered = std::chrono::steady_clock::now();
    for (;;) {
        const bool go_on = co_await io::pause(registry_look);
        if (!go_on) co_return;
        co_await follow_registry();
        if (std::chrono::steady_clock::now() - remembered < seen_every) continue;
        remembered = std::chrono::steady_clock::now();
        co_await remember_seen();
    }
}

asio::awaitable<void> Relay::Impl::remember_seen() {
    auto seen = board.take_seen();
    if (seen.empty()) co_return;
    auto write = [seen = std::move(seen)](Registry& book) { return book.touch(seen); };
    const auto written = co_await with_registry(std::move(write));
    if (!written) log(Level::warning, "the registry cannot be written: " + written.error());
}

Relay::Relay(asio::any_io_executor network, Config config, Material material, Registry registry, Log log)
    : impl_(std::make_shared<Impl>(std::move(network), std::move(config), std::move(material), std::move(registry), std::move(log))) {}

Relay::~Relay() {
    impl_->board.end_all();
}

asio::awaitable<io::Told<void>> Relay::start(HandedOver ports) {
    const auto impl = impl_;
    const auto failed = [](std::string why) { return io::Told<void>(boost::system::in_place_error, std::move(why)); };
    auto agents_tls = io::server_context(impl->material.agents);
    auto portal_tls = io::server_context(impl->material.portal);
    const auto digest = io::certificate_digest(impl->material.agents.chain_pem);
    if (!agents_tls) co_return failed("agents.certificate: " + agents_tls.error());
    if (!portal_tls) co_return failed("portal.certificate: " + portal_tls.error());
    if (!digest) co_return failed("agents.certificate: " + digest.error());
    auto sni_allow = AllowList::parse(impl->config.sni_allow);
    if (!sni_allow) co_return failed("sni.allow: " + sni_allow.error() + " is no network");
    impl->sni_allow = std::move(*sni_allow);
    impl->agents_tls = std::move(*agents_tls);
    impl->portal_tls = std::move(*portal_tls);
    impl->agents_certificate = *digest;
    const auto read = co_await impl->read_registry();
    if (!read) co_return failed(read.error());
    co_await impl->know_agents();  // before anyone comes
    impl->has_successor = !ports.agents.empty() && !ports.portals.empty();
    if (auto agents = impl->open(impl->config.agents_listen, std::move(ports.agents), impl->agents_door); !agents)
        co_return failed(agents.error());
    if (auto portal = impl->open(impl->config.portal_listen, std::move(ports.portals), impl->portal_door); !portal)
        co_return failed(portal.error());
    auto watch = [impl]() { return impl->watch_registry(); };
    impl->supervisor.start("watch the registry", std::move(watch), io::OnFailure::restart);
    auto tell = [impl]() { return impl->watch_health(); };
    impl->supervisor.start("events of agents", std::move(tell), io::OnFailure::restart);
    co_return io::Told<void>();
}

asio::awaitable<void> Relay::stop(std::chrono::seconds grace) {
    const auto impl = impl_;
    if (impl->has_successor) {
        impl->close_doors();
        // Whoever was let in already, or just now, is served to the end of the beginning.
        const auto served = std::chrono::steady_clock::now() + last_served;
        do {
            const bool go_on = co_await io::pause(drain_look);
            if (!go_on) break;
        } while (impl->portal_door.keeper.open() > impl->board.streams() && std::chrono::steady_clock::now() < served);
    }
    impl->board.drain("the relay stops");
    const auto until = std::chrono::steady_clock::now() + grace;
    while (impl->board.streams() > 0 && std::chrono::steady_clock::now() < until) {
        const bool go_on = co_await io::pause(drain_look);
        if (!go_on) break;
    }
    impl->close_doors();
    impl->board.end_all();
    const auto gone = std::chrono::steady_clock::now() + farewell;
    while (!impl->board.sessions().empty() && std::chrono::steady_clock::now() < gone) {
        const bool go_on = co_await io::pause(drain_look);
        if (!go_on) break;
    }
    co_await impl->remember_seen();
    const auto left = co_await impl->supervisor.stop(farewell);
    for (const auto& job : left) impl->log(Level::warning, "would not end: " + job);
}

bool Relay::has_successor() const {
    return impl_->has_successor;
}
bool Relay::drain_wanted() const {
    return impl_->drain_wanted;
}
std::vector<std::string> Relay::agents_listening() const {
    return impl_->agents_door.listening;
}
std::vector<std::string> Relay::portal_listening() const {
    return impl_->portal_door.listening;
}
const Switchboard& Relay::switchboard() const {
    return impl_->board;
}

}  // namespace shuttle::relay
