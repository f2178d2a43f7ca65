// Who may do what at this relay, in one SQLite file: agents and their groups, join codes, portals' tokens, and the audit log.
// Secrets are kept as what proves them: of a token its SHA-256, of a join code the key derived from its secret. What it is not:
// the live tunnels; those are the relay's own. A Registry belongs to one thread at a time; another process may use the same file.
#pragma once

#include "shuttle/core/identity.hpp"
#include "shuttle/relay/told.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct sqlite3;

namespace shuttle::relay {

// What one agent or token may at most; 0: as the configuration says of all.
struct Allowance {
    std::int64_t streams = 0;   // open at once
    std::int64_t connects = 0;  // in a second
    std::int64_t bytes = 0;     // in a second, each way
    friend bool operator==(const Allowance&, const Allowance&) = default;
};

struct AgentRecord {
    std::string id;
    core::PublicKey key{};
    std::string group;
    std::string host;            // as it said when it joined
    std::int64_t joined = 0;     // Unix seconds, as all times
    std::int64_t revoked = 0;    // 0: it is not
    std::int64_t last_seen = 0;  // when its last tunnel ended, to the minute; 0: never
    Allowance allowance;
};

struct TokenRecord {
    std::string id;
    std::string name;
    core::Digest sha256{};
    std::vector<std::string> groups;  // "*": all
    std::int64_t created = 0;
    std::int64_t expires = 0;  // 0: never
    std::int64_t revoked = 0;
    Allowance allowance;
};

struct JoinRecord {
    core::JoinId id{};
    core::Digest key{};
    std::string group;
    std::int64_t expires = 0;
};

// Where events of agents are sent to. The secret is never shown, but signing needs it: the registry's file is one.
struct HookRecord {
    std::string id;
    std::string url;
    std::string secret;
    std::vector<std::string> events;  // "online", "offline", "flapping"
    std::int64_t created = 0;
    std::int64_t waiting = 0;  // events not delivered yet
    std::int64_t delivered = 0, failed = 0, dropped = 0;
    std::string last_outcome;
};

// One event for one hook, or for each that wants its kind.
struct Message {
    std::int64_t number = 0;  // of the queue
    std::string id;           // of the event; the same for each hook
    std::string kind;         // "offline"; "test" is for the hook that was asked
    std::string agent;
    std::int64_t at = 0;
    std::string body;
    std::int64_t attempts = 0;
};

struct DeliveryRecord {  // of one attempt
    std::string hook, id, kind, agent;
    std::int64_t at = 0;
    std::int64_t attempt = 0;
    std::string outcome;  // "200", or why not
};

struct Everything {
    std::vector<AgentRecord> agents;
    std::vector<TokenRecord> tokens;
    std::int64_t drain_wanted = 0;  // when somebody asked for it last
};

class Registry {
public:
    // Makes a missing file. Errors name the file.
    [[nodiscard]] static Told<Registry> open(const std::string& file);
    Registry(Registry&& other) noexcept;
    Registry& operator=(Registry&&) = delete;
    ~Registry();

    [[nodiscard]] Told<std::int64_t> version();  // changes when another connection has changed anything
    [[nodiscard]] Told<Everything> everything();
    // One that can be used now.
    [[nodiscard]] Told<std::optional<JoinRecord>> find_join(const core::JoinId& id, std::int64_t now);
    // Uses the code up and adds the agent, both or neither; false: it has been used in the meantime.
    [[nodiscard]] Told<bool> enrol(const core::JoinId& id, const AgentRecord& agent, const std::string& from, std::int64_t now);
    [[nodiscard]] Told<void> touch(const std::vector<std::pair<std::string, std::int64_t>>& seen);

    // `who` goes to the audit log.
    [[nodiscard]] Told<void> add_join(const JoinRecord& join, const std::string& who, std::int64_t now);
    [[nodiscard]] Told<void> add_token(const TokenRecord& token, const std::string& who, std::int64_t now);
    [[nodiscard]] Told<bool> revoke_token(const std::string& id, const std::string& who, std::int64_t now);
    [[nodiscard]] Told<bool> revoke_agent(const std::string& id, const std::string& who, std::int64_t now);
    // `kind` is "agent" or "token"; false: there is none of that id.
    [[nodiscard]] Told<bool> allow(const std::string& kind, const std::string& id, const Allowance& allowance, const std::string& who,
                                   std::int64_t now);
    [[nodiscard]] Told<void> want_drain(const std::string& who, std::int64_t now);
    // registry_hooks.cpp
    [[nodiscard]] Told<void> add_hook(const HookRecord& hook, const std::string& who, std::int64_t now);
    [[nodiscard]] Told<bool> remove_hook(const std::string& id, const std::string& who, std::int64_t now);
    [[nodiscard]] Told<std::vector<HookRecord>> hooks();  // oldest first
    // What was told last of each agent, "online".
    [[nodiscard]] Told<std::vector<std::pair<std::string, std::string>>> told();
    // Queues events for the hooks that want them and notes what is told now, both or neither. The oldest go where more than
    // `most_waiting` wait for one hook.
    [[nodiscard]] Told<void> tell(const std::vector<Message>& events);
    [[nodiscard]] Told<bool> queue(const std::string& hook, const Message& message);  // for one; false: there is none of that id
    // The oldest that waits for a hook; those that have waited too long are given up first.
    [[nodiscard]] Told<std::optional<Message>> next_message(const std::string& hook, std::int64_t now);
    // Notes an attempt, and takes the message out of the queue where it was `delivered`.
    [[nodiscard]] Told<void> attempted(const std::string& hook, const Message& message, const std::string& outcome, bool delivered,
                                       std::int64_t now);
    [[nodiscard]] Told<std::vector<DeliveryRecord>> deliveries(const std::string& hook, std::int64_t most);  // newest first; "": of all
    static constexpr std::int64_t most_waiting = 10'000;
    static constexpr std::int64_t longest_wait = 3 * 86'400;  // seconds

    [[nodiscard]] Told<std::int64_t> audited();  // how many lines the audit log has

private:
    Registry(sqlite3* raw, std::string file) : raw_(raw), file_(std::move(file)) {}
    [[nodiscard]] std::string problem() const;
    [[nodiscard]] Told<void> read_allowances(Everything& all);  // registry_limits.cpp
    [[nodiscard]] bool write_allowance(const std::string& kind, const std::string& id, const Allowance& allowance);
    sqlite3* raw_;
    std::string file_;
};

}  // namespace shuttle::relay
