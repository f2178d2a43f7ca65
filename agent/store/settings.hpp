// What people decided: tokens, adopted folders, settings of volumes, and the audit log. Never rebuilt from
// scans, so it runs with synchronous FULL, and a damaged file stops the start instead of being replaced.
// Command line and service may have it open and write at once (they are the same program with the same SQLite), so it
// keeps a rollback journal: with SQLite 3.40's write-ahead log, two writers are not safe. What it is not: thread-safe;
// one object belongs to one thread or strand at a time.
#pragma once

#include "agent/store/history.hpp"

namespace imc::store {

struct TokenRecord {
    std::string id;      // public, "t_" and eight characters; names the token in lists and logs
    std::string name;    // given by a person
    std::string scope;   // "read" | "operate"
    std::string sha256;  // of the whole token, 64 hexadecimal digits
    UnixTime created = 0;
    UnixTime expires = 0;  // 0: never
    UnixTime revoked = 0;  // 0: valid
    bool local = false;    // the agent's own token for the command line; remade at each start
};

struct AuditRecord {
    UnixTime at = 0;
    std::string who;      // token id or "local"
    std::string from;     // address
    std::string action;   // "folder.adopt" ...
    std::string subject;  // id or path
    std::string detail;   // JSON object as text; never a secret
};

// A login to a share, for an account that may not read it by itself.
struct ShareRecord {
    std::string share;    // `\\server\share`; compared without the case of ASCII letters
    std::string account;  // `ACME\backup` ...
    std::string secret;   // the password as host::protect_as_text gives it
    UnixTime since = 0;
};

class Settings {
public:
    ~Settings();
    Settings(Settings&&) noexcept;
    Settings& operator=(Settings&&) noexcept;
    [[nodiscard]] static Result<Settings> open(const std::string& path);

    // What a person or a caller changes is written together with its audit record: both or neither.
    [[nodiscard]] Result<std::vector<TokenRecord>> tokens() const;
    [[nodiscard]] Result<void> add_token(const TokenRecord&, const AuditRecord&);
    [[nodiscard]] Result<bool> revoke_token(const std::string& id, UnixTime now, const AuditRecord&);  // false: no such valid token
    [[nodiscard]] Result<void> replace_local_tokens(const TokenRecord&);                               // nobody's doing: not audited

    [[nodiscard]] Result<std::vector<AdoptedFolder>> adopted() const;
    [[nodiscard]] Result<void> adopt(const AdoptedFolder&, const AuditRecord&);       // replaces one with the same path
    [[nodiscard]] Result<bool> release(const std::string& path, const AuditRecord&);  // false: was not adopted

    [[nodiscard]] Result<std::map<std::string, VolumeSettings>> volume_settings() const;  // by volume id
    [[nodiscard]] Result<void> set_volume_settings(const std::string& volume_id, const VolumeSettings&, const AuditRecord&);

    [[nodiscard]] Result<std::vector<ShareRecord>> shares() const;
    [[nodiscard]] Result<void> set_share(const ShareRecord&, const AuditRecord&);           // replaces one of the same share
    [[nodiscard]] Result<bool> remove_share(const std::string& share, const AuditRecord&);  // false: there is none

    [[nodiscard]] Result<void> audit(const AuditRecord&);  // keeps the newest 100,000
    [[nodiscard]] Result<std::vector<AuditRecord>> audit_log(std::size_t newest) const;

    // Changes when another connection has written: reload what is cached.
    [[nodiscard]] Result<std::uint64_t> data_version() const;

private:
    struct Impl;
    explicit Settings(std::unique_ptr<Impl>);
    std::unique_ptr<Impl> impl_;
};

}  // namespace imc::store
