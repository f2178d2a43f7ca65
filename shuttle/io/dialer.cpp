#include "shuttle/io/dialer.hpp"

#include "shuttle/io/happy_eyeballs.hpp"
#include "shuttle/io/http_connect.hpp"
#include "shuttle/io/keys.hpp"
#include "shuttle/io/listening.hpp"
#include "shuttle/io/wait.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>

namespace shuttle::io {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::seconds;

namespace {

constexpr seconds settings_limit(30);  // a script of the network has to be fetched
constexpr seconds dns_limit(15);
constexpr seconds tcp_limit(20);
constexpr seconds proxy_limit(30);
constexpr seconds tls_limit(20);
constexpr seconds websocket_limit(20);
constexpr seconds identity_limit(20);
constexpr std::size_t most_addresses = 64;

// Thrown inside of this file only, from a step to dial().
struct Failed {
    std::string says;
    std::optional<core::VerdictCode> verdict;
    seconds wait{0};
};

std::string late(seconds limit) {
    return "nothing came for " + std::to_string(limit.count()) + " seconds";
}

class Dialing {
public:
    explicit Dialing(DialTarget& target) : target_(target) {}

    asio::awaitable<Dialled> run() {
        const auto proxy = co_await settings();
        auto addresses = co_await resolve(proxy ? proxy->at : target_.relay);
        auto socket = co_await connect(std::move(addresses));
        if (proxy) co_await pass(socket, *proxy);
        auto stream = co_await encrypt(std::move(socket));
        auto transport = co_await upgrade(std::move(stream));
        co_return co_await identify(std::move(transport));
    }

    Step step = Step::proxy_settings;
    DialFacts facts;

private:
    void at(Step next) {
        step = next;
        target_.at(next);
    }

    template <class T>
    static asio::awaitable<T> limited(seconds limit, asio::awaitable<T> operation) {
        auto done = co_await within(limit, std::move(operation));
        if (!done) throw Failed{late(limit), {}, {}};
        co_return std::move(*done);
    }

    asio::awaitable<std::optional<Proxy>> settings() {
        at(Step::proxy_settings);
        auto find = [setting = target_.proxy, relay = target_.relay] { return find_proxy(setting, relay); };
        auto found = co_await limited(settings_limit, on(target_.pool, std::move(find)));
        if (!found) throw Failed{found.error(), {}, {}};
        if (*found && !target_.proxy_user.empty()) {
            (*found)->user = target_.proxy_user;
            (*found)->password = target_.proxy_password;
        }
        if (*found) facts.proxy = authority((*found)->at) + " (from " + (*found)->source + ")";
        co_return std::move(*found);
    }

    asio::awaitable<std::vector<tcp::endpoint>> resolve(core::HostPort place) {
        at(Step::dns);
        auto found = co_await limited(dns_limit, look_up(place));
        if (!found) throw Failed{"the name " + place.host + " cannot be resolved: " + found.error().message(), {}, {}};
        co_return interleaved(*found);
    }

    static asio::awaitable<boost::system::result<std::vector<tcp::endpoint>>> look_up(core::HostPort place) {
        tcp::resolver resolver(co_await asio::this_coro::executor);
        const auto port = std::to_string(place.port);
        const auto [error, results] =
            co_await resolver.async_resolve(place.host, port, tcp::resolver::numeric_service, asio::as_tuple(asio::use_awaitable));
        std::vector<tcp::endpoint> found;
        for (const auto& entry : results) {
            if (found.size() < most_addresses) found.push_back(entry.endpoint());
        }
        if (error) co_return error;
        co_return found;
    }

    asio::awaitable<tcp::socket> connect(std::vector<tcp::endpoint> addresses) {
        at(Step::tcp);
        std::string tried;
        for (const auto& address : addresses) tried += (tried.empty() ? "" : ", ") + text_of(address);
        auto socket = co_await within(tcp_limit, connect_first(std::move(addresses)));
        if (!socket) throw Failed{tried + " did not answer within " + std::to_string(tcp_limit.count()) + " seconds", {}, {}};
        if (!*socket) throw Failed{tried + " cannot be connected to: " + socket->error().message(), {}, {}};
        boost::system::error_code gone;
        const auto peer = (*socket)->remote_endpoint(gone);
        facts.address = gone ? tried : text_of(peer);
        co_return std::move(**socket);
    }

    asio::awaitable<void> pass(tcp::socket& socket, const Proxy& proxy) {
        at(Step::proxy);
        const auto passed = co_await limited(proxy_limit, connect_through(socket, proxy, target_.relay));
        if (!passed) throw Failed{passed.error(), {}, {}};
    }

    asio::awaitable<TlsStream> encrypt(tcp::socket socket) {
        at(Step::tls);
        auto make = [file = target_.ca_file] { return client_context(file); };
        auto context = co_await on(target_.pool, std::move(make));
        if (!context) throw Failed{context.error(), {}, {}};
        TlsStream stream(std::move(socket), **context);
        expect_host(stream, target_.relay.host);
        context_ = std::move(*context);
        auto handshake = stream.async_handshake(asio::ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
        const auto [error] = co_await limited(tls_limit, std::move(handshake));
        if (error) throw Failed{"the TLS handshake failed: " + error.message(), {}, {}};
        facts.certificate = seen_certificate(stream);
        co_return std::move(stream);
    }

    asio::awaitable<std::unique_ptr<WebSocketTransport>> upgrade(TlsStream stream) {
        at(Step::websocket);
        auto asked = co_await limited(websocket_limit, WebSocketTransport::ask(std::move(stream), authority(target_.relay)));
        if (!asked) throw Failed{asked.error() + seen_between(), {}, {}};
        co_return std::move(*asked);
    }

    // Where no relay answers, the certificate says who does.
    std::string seen_between() const {
        return facts.certificate.issuer.empty() ? std::string() : " (the certificate there is by " + facts.certificate.issuer + ")";
    }

    asio::awaitable<Dialled> identify(std::unique_ptr<WebSocketTransport> transport) {
        at(Step::identity);
        core::AgentHandshake handshake(target_.intent, *target_.key, crypto_);
        auto introduced = co_await limited(identity_limit, introduce(*transport, handshake));
        if (!introduced.says.empty()) throw Failed{std::move(introduced.says), introduced.verdict, introduced.wait};
        Dialled dialled;
        dialled.verdict = handshake.verdict();
        dialled.agent = handshake.challenge()->agent;
        dialled.transport = std::move(transport);
        co_return dialled;
    }

    // Says nothing where the relay welcomes us.
    asio::awaitable<Failed> introduce(WebSocketTransport& transport, core::AgentHandshake& handshake) {
        core::Message next;
        if (const auto error = handshake.start(next)) co_return Failed{error.message(), {}, {}};
        for (;;) {
            if (!next.empty()) {
                const auto unsent = co_await transport.write(next);
                if (unsent) co_return Failed{"the connection broke: " + unsent.message(), {}, {}};
            }
            const auto message = co_await transport.read_message();
            if (!message) co_return Failed{"the relay ended the connection" + seen_between(), {}, {}};
            if (const auto error = handshake.receive(*message, next)) co_return Failed{error.message() + seen_between(), {}, {}};
            if (handshake.done()) break;
            if (auto distrust = judge_certificate(*handshake.challenge()); !distrust.empty()) {
                step = Step::tls;
                co_return Failed{std::move(distrust), {}, {}};
            }
        }
        const auto& verdict = handshake.verdict();
        if (core::is_welcome(verdict.code)) co_return Failed{};
        co_return Failed{"the relay refuses (" + std::string(core::word_of(verdict.code)) + "): " + verdict.text, verdict.code,
                         seconds(verdict.wait_seconds)};
    }

    std::string judge_certificate(const core::Challenge& challenge) {
        const auto& seen = facts.certificate;
        if (challenge.certificate && *challenge.certificate == seen.sha256) return {};
        facts.intercepted = challenge.certificate.has_value();
        const std::string whose = "the certificate is by " + seen.issuer + " and not the relay's own";
        if (target_.refuse_interception) return whose + ", and shuttle.refuse_interception is set";
        if (!seen.problem.empty()) return whose + ", and this computer does not trust it: " + seen.problem;
        return {};
    }

    DialTarget& target_;
    TlsContext context_;
    OpenSslCrypto crypto_;
};

}  // namespace

std::string_view word_of(Step step) noexcept {
    switch (step) {
        case Step::proxy_settings:
            return "proxy settings";
        case Step::dns:
            return "DNS";
        case Step::tcp:
            return "TCP";
        case Step::proxy:
            return "proxy";
        case Step::tls:
            return "TLS";
        case Step::websocket:
            return "WebSocket";
        case Step::identity:
            return "identity";
        case Step::mux:
            return "mux";
    }
    return {};
}

asio::awaitable<boost::system::result<Dialled, DialFailure>> dial(DialTarget target) {
    Dialing dialing(target);
    DialFailure failure;
    try {
        auto dialled = co_await dialing.run();
        dialled.facts = dialing.facts;
        co_return dialled;
    } catch (Failed& failed) {
        failure.says = std::move(failed.says);
        failure.verdict = failed.verdict;
        failure.wait = failed.wait;
    }
    failure.step = dialing.step;
    failure.facts = dialing.facts;
    co_return failure;
}

}  // namespace shuttle::io
