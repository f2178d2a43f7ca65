#include "shuttle/io/proxy.hpp"

namespace shuttle::io {

// Here the environment is all that there is.
std::optional<Proxy> system_proxy(const core::HostPort&) {
    return std::nullopt;
}

std::vector<std::unique_ptr<ProxyLogin>> system_logins(const Proxy&) {
    return {};
}

}  // namespace shuttle::io
