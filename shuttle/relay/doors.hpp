// The ports of the relay: what stands behind each, and how many may come in. What it is not: what is said there (agents_port.cpp,
// portal_port.cpp).
#pragma once

#include "shuttle/relay/switchboard.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace shuttle::relay {

// Counts connections of one kind of port, and of each address.
class Doorkeeper {
public:
    [[nodiscard]] bool admits(const std::string& address, std::int64_t most, std::int64_t most_per_address) const {
        const auto here = by_address_.find(address);
        return open_ < most && (here == by_address_.end() || here->second < most_per_address);
    }
    void enter(const std::string& address) {
        ++open_;
        ++by_address_[address];
    }
    void leave(const std::string& address) {
        --open_;
        const auto here = by_address_.find(address);
        if (here != by_address_.end() && --here->second == 0) by_address_.erase(here);
    }
    [[nodiscard]] std::int64_t open() const { return open_; }

private:
    std::int64_t open_ = 0;
    std::map<std::string, std::int64_t> by_address_;
};

// A kind of port: agents' or portals'.
template <class Impl>
struct Door {
    using Socket = boost::asio::ip::tcp::socket;
    const char* who = "";  // "agent": who comes
    std::int64_t most = 0, most_per_address = 0;
    std::uint64_t Counters::*came = nullptr, Counters::*refused = nullptr;
    boost::asio::awaitable<void> (Impl::*serve)(std::shared_ptr<Socket>, std::string peer) = nullptr;
    Doorkeeper keeper{};
    std::vector<std::string> listening{};  // "address:port"
};

}  // namespace shuttle::relay
