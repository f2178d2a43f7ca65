// From nothing to a relay that knows us: proxy, name, TCP, TLS, WebSocket and identity, each a step with a name and a limit of
// time, so that a failure says which one it was. What it is not: the one that tries again (uplink.hpp), or the multiplexer.
//
// The certificate is judged when the relay has signed which one it shows, before anything is proven to it: its own is good
// whoever signed it; another one is somebody in between, and good only where this computer trusts it for the host.
#pragma once

#include "shuttle/core/handshake.hpp"
#include "shuttle/core/join_code.hpp"
#include "shuttle/io/websocket_transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace shuttle::io {

enum class Step { proxy_settings, dns, tcp, proxy, tls, websocket, identity, mux };
[[nodiscard]] std::string_view word_of(Step step) noexcept;  // "DNS"

struct DialTarget {
    core::HostPort relay;
    core::AgentIntent intent;
    std::shared_ptr<const core::Signer> key;
    std::string proxy = "auto";                  // as find_proxy() takes it
    std::string proxy_user, proxy_password;      // instead of those of the proxy's URL
    std::string ca_file;                         // PEM; trusted besides the system's authorities
    bool refuse_interception = false;            // only the relay's own certificate will do
    boost::asio::any_io_executor pool;           // for what waits for the system
    std::function<void(Step)> at = [](Step) {};  // told before each step
};

// What was learned on the way; also of a dial that failed, as far as it came.
struct DialFacts {
    std::string address;  // of the relay, or of the proxy
    std::string proxy;    // "host:port (from where)"; empty: straight
    SeenCertificate certificate;
    bool intercepted = false;  // another certificate than the relay's own
};

struct DialFailure {
    Step step = Step::dns;
    std::string says;
    std::optional<core::VerdictCode> verdict;  // the relay's word
    std::chrono::seconds wait{0};              // as the relay told
    DialFacts facts;
    [[nodiscard]] bool refused() const { return verdict && core::is_refusal(*verdict); }
};

struct Dialled {
    std::unique_ptr<WebSocketTransport> transport;
    core::Verdict verdict;  // a welcome
    std::string agent;      // its id, new where it has joined
    DialFacts facts;
};

[[nodiscard]] boost::asio::awaitable<boost::system::result<Dialled, DialFailure>> dial(DialTarget target);

}  // namespace shuttle::io
