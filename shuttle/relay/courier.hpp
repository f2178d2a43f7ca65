// Brings one message to one webhook: a POST by HTTPS to a server that this computer trusts for the URL's host. Redirects are not
// followed: they are an answer like another. What it is not: the queue, or the one that tries again (events.cpp).
#pragma once

#include "shuttle/io/tls.hpp"
#include "shuttle/relay/hook.hpp"
#include "shuttle/relay/registry.hpp"

#include <boost/asio/awaitable.hpp>

namespace shuttle::relay {

struct Attempt {
    bool delivered = false;
    std::string outcome;           // "200", or why not: a sentence without the URL's path and without secrets
    std::int64_t retry_after = 0;  // seconds, as the receiver said; 0: nothing
};

struct Courier {
    std::string ca_file;  // PEM; trusted besides the system's authorities
    std::string sender;   // User-Agent
};

// Within `limit`, whatever the receiver does.
[[nodiscard]] boost::asio::awaitable<Attempt> deliver(Courier courier, HookRecord hook, Message message, std::chrono::seconds limit);

}  // namespace shuttle::relay
