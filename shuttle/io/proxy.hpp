// Which HTTP proxy leads to a relay, and how one logs in to it. The words of the configuration: "auto" (the environment, on
// Windows also the system's own settings and scripts), "none", or a URL. What it is not: the connection (http_connect.hpp).
// proxy.cpp; what the system knows is in proxy_posix.cpp and proxy_win32.cpp.
#pragma once

#include "shuttle/core/join_code.hpp"
#include "shuttle/io/tls.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace shuttle::io {

struct Proxy {
    core::HostPort at;
    std::string user;  // empty: as the system logs in, if it does
    std::string password;
    std::string source;  // "configuration", "HTTPS_PROXY", "the system's settings"
};

// "http://user:password@host:port", scheme and credentials may be missing; the port is 8080 where none is told. The error says
// what is wrong and repeats no credentials.
[[nodiscard]] Told<Proxy> parse_proxy(std::string_view url);
// Whether a list as NO_PROXY has it names the host: "*", names and their sub-domains, addresses.
[[nodiscard]] bool passes_by(std::string_view no_proxy, std::string_view host);
// The proxy for the relay; nothing: straight. May wait seconds for a script of the network, so it is for a pool.
[[nodiscard]] Told<std::optional<Proxy>> find_proxy(const std::string& setting, const core::HostPort& relay);

// Of the platform; nothing: none.
[[nodiscard]] std::optional<Proxy> system_proxy(const core::HostPort& relay);

// A login of one scheme, of as many legs as it takes on one connection.
class ProxyLogin {
public:
    ProxyLogin() = default;
    ProxyLogin(const ProxyLogin&) = delete;
    ProxyLogin& operator=(const ProxyLogin&) = delete;
    virtual ~ProxyLogin() = default;
    [[nodiscard]] virtual std::string_view scheme() const = 0;  // "Negotiate"
    // The next leg's Proxy-Authorization. `challenge`: what the proxy said after the scheme, empty at first. Nothing: given up.
    [[nodiscard]] virtual std::optional<std::string> next(const std::string& challenge) = 0;
};
// The system's own, best first; none where it has none. `proxy` must outlive them.
[[nodiscard]] std::vector<std::unique_ptr<ProxyLogin>> system_logins(const Proxy& proxy);

}  // namespace shuttle::io
