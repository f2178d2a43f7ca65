// What single agents and tokens use of what they may: connections open, connections a second, bytes a second each way. What it is
// not: who may reach whom (switchboard.hpp). Thread: the network thread.
#pragma once

#include "shuttle/relay/config.hpp"
#include "shuttle/relay/meter.hpp"
#include "shuttle/relay/registry.hpp"

#include <map>
#include <memory>
#include <string>

namespace shuttle::relay {

// Of one agent or token, for as long as the registry knows it or a connection goes on.
struct Quota {
    std::int64_t most_streams = 0;
    std::int64_t streams = 0;                                                // open
    Meter connects, up, down;                                                // up: from portals to agents
    std::uint64_t connected = 0, refused = 0, bytes_up = 0, bytes_down = 0;  // since the start
    core::Duration held_up{};                                                // connections were, in sum
};

// What is wanted now, and why not where not.
struct Allowed {
    enum class Why { well, streams, connects } why = Why::well;
    core::Duration wait{};  // for the next try; connects only
};
[[nodiscard]] Allowed may_connect(const Quota& quota, core::TimePoint now) noexcept;

class Quotas {
public:
    // What each may that has no allowance of its own.
    explicit Quotas(Allowance usual) : usual_(usual) {}
    // Of those that the registry knows; the others are forgotten.
    template <class Records>
    void learn(const Records& records) {
        std::map<std::string, std::shared_ptr<Quota>> known;
        for (const auto& record : records) known[record.id] = set(record.id, record.allowance);
        all_ = std::move(known);
    }
    // Makes it where there is none.
    [[nodiscard]] std::shared_ptr<Quota> of(const std::string& id);
    [[nodiscard]] const std::map<std::string, std::shared_ptr<Quota>>& all() const { return all_; }

private:
    std::shared_ptr<Quota> set(const std::string& id, const Allowance& allowance);

    Allowance usual_;
    std::map<std::string, std::shared_ptr<Quota>> all_;
};

}  // namespace shuttle::relay
