// Decides who a caller is and slows down those who guess: bearer tokens against the cached list, client
// certificates, the IP allow-list, and a growing delay per address after failed logins (throttle.hpp). A right
// token is never delayed. Thread: the network thread. What it is not: storage of tokens (store::Settings).
#pragma once

#include "agent/api/server.hpp"
#include "agent/store/settings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace imc::auth {

class Gate {
public:
    using Clock = std::function<store::UnixTime()>;
    // Called for each failed login with address and reason ("unknown token", "revoked token" ...), never with the token.
    using Failed = std::function<void(const std::string& address, const std::string& reason)>;
    using Pause = std::function<boost::asio::awaitable<void>(std::chrono::milliseconds)>;
    // Reads the list of tokens once more, should it have grown since; whoever does calls set_tokens.
    using Refresh = std::function<boost::asio::awaitable<void>()>;
    static constexpr std::size_t most_delayed = 64;  // failed logins that wait at once; further ones are answered at once
    Gate(Clock clock, Failed failed);                // pauses are real
    Gate(Clock clock, Failed failed, Pause pause);
    ~Gate();
    // Problem in a sentence that names the entry; the old list stays then.
    [[nodiscard]] boost::system::result<void, std::string> allow(const std::vector<std::string>& cidrs);
    void set_tokens(std::vector<store::TokenRecord> tokens);  // revoked and expired ones are refused by their times
    // Asked before a well-formed token that nobody knows is refused: it may have been made a moment ago.
    void on_unknown_token(Refresh refresh);
    [[nodiscard]] bool admits(const std::string& address) const;  // loopback always
    // The token decides where there is one; a client certificate alone, which TLS has verified, may read.
    [[nodiscard]] boost::asio::awaitable<api::Principal> authenticate(api::Credentials credentials);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace imc::auth
