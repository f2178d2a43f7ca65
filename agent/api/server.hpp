// The TLS server of the API: accepts, shakes hands, reads requests within their limits, asks who is calling,
// hands the request to the handler and writes what comes back. What it is not: a router, and it knows no
// resource. Everything runs on the one network thread; every connection is a named job of the supervisor.
#pragma once

#include "agent/api/http.hpp"
#include "agent/config/config.hpp"
#include "shuttle/io/supervisor.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace imc::api {

struct ServerLimits {  // from config [api]; all durations in seconds
    std::int64_t max_connections, max_connections_per_address, max_requests_per_connection;
    std::int64_t max_header_bytes, max_body_bytes;
    std::int64_t handshake_timeout, header_timeout, body_timeout, write_timeout, idle_timeout;
    std::int64_t max_event_streams;
};
[[nodiscard]] ServerLimits limits_of(const config::Config&);

struct TlsMaterial {
    std::string certificate_chain_pem;
    std::string private_key_pem;
    std::string client_ca_pem;  // empty: client certificates are not asked for
    bool client_certificate_required = false;
};

// Who a caller is. `authorization` is the header's value; `client_certificate_subject` is empty without one.
// Gives Scope::none for nobody. May suspend to slow failed logins down.
struct Credentials {
    // No aggregate: g++ 12 copies those byte for byte where they are arguments of a co_await expression.
    Credentials() = default;
    Credentials(std::string from, std::string header, std::string subject)
        : remote(std::move(from)), authorization(std::move(header)), client_certificate_subject(std::move(subject)) {}

    std::string remote;
    std::string authorization;
    std::string client_certificate_subject;
};
using Authenticate = std::function<boost::asio::awaitable<Principal>(Credentials)>;
// Asked before the handshake; false closes the connection at once.
using Admit = std::function<bool(const std::string& address)>;

struct ServerCounters {  // since start; for /metrics
    std::uint64_t connections = 0, refused = 0, handshake_failures = 0, requests = 0, timeouts = 0, too_large = 0, unauthenticated = 0;
    std::uint64_t open_connections = 0, open_feeds = 0;
    std::map<unsigned, std::uint64_t> responses;  // by status
};

class Server {
public:
    Server(boost::asio::any_io_executor network, shuttle::io::Supervisor& supervisor, ServerLimits limits, Authenticate authenticate,
           Admit admit, Handler handler);
    ~Server();
    // Binds every address ("0.0.0.0:8443", "[::]:0"; IPv6 ones are v6-only) and starts accepting, or none of them: the
    // error names the address. `callers`: who comes this way is called that instead of its address, is not asked for by Admit, and
    // may have half of all connections; for whoever brings others from elsewhere.
    [[nodiscard]] boost::system::result<std::vector<std::string>, std::string> listen(const std::vector<std::string>& addresses,
                                                                                      const std::string& callers = {});
    // New connections use it; open ones keep theirs. The error is a sentence.
    [[nodiscard]] boost::system::result<void, std::string> use(const TlsMaterial& material);
    void set_limits(ServerLimits limits);
    [[nodiscard]] const ServerCounters& counters() const;
    // Closes acceptors and connections at once; those whose answer is being made, behind it.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace imc::api
