// Who may do what at this relay, in one SQLite file: agents and their groups, join codes, portals' tokens, and the audit log.
// Secrets are kept as what proves them: of a token its SHA-256, of a join code the key derived from its secret. What it is not:
// the live tunnels; those are the relay's own. A Registry belongs to one thread at a time; another process may use the same file.
#pragma once

#include "shuttle/core/identity.hpp"
#include "shuttle/io/tls.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct sqlite3;

namespace shuttle::relay {

using io::Told;

struct AgentRecord {
    std::string id;
    core::PublicKey key{};
    std::string group;
    std::string host;            // as it said when it joined
    std::int64_t joined = 0;     // Unix seconds, as all times
    std::int64_t revoked = 0;    // 0: it is not
    std::int64_t last_seen = 0;  // when its last tunnel ended, to the minute; 0: never
};

struct TokenRecord {
    std::string id;
    std::string name;
    core::Digest sha256{};
    std::vector<std::string> groups;  // "*": all
    std::int64_t created = 0;
    std::int64_t expires = 0;  // 0: never
    std::int64_t revoked = 0;
};

struct JoinRecord {
    core::JoinId id{};
    core::Digest key{};
    std::string group;
    std::int64_t expires = 0;
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
    [[nodiscard]] Told<void> want_drain(const std::string& who, std::int64_t now);
    [[nodiscard]] Told<std::int64_t> audited();  // how many lines the audit log has

private:
    Registry(sqlite3* raw, std::string file) : raw_(raw), file_(std::move(file)) {}
    [[nodiscard]] std::string problem() const;
    sqlite3* raw_;
    std::string file_;
};

}  // namespace shuttle::relay
