#include "agent/store/migration.hpp"

#include <array>

namespace imc::store {
namespace {

// Images are the many: keyed by folder row and name, without a rowid, and with NULL (which takes no room) for what is
// not known. `seen_free` and `seen_total` are the space that readers were last told of by a move of the cursor.
constexpr const char* history_1 = R"sql(
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('epoch', lower(hex(randomblob(8)))), ('cursor', 0), ('forgotten', 0);

CREATE TABLE folders (
    fid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    customer TEXT NOT NULL,
    machine TEXT NOT NULL,
    type TEXT NOT NULL,
    parent_id TEXT NOT NULL,
    source TEXT NOT NULL,
    profile TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT NOT NULL,
    identity TEXT NOT NULL,
    digest INTEGER NOT NULL,
    images INTEGER NOT NULL,
    image_bytes INTEGER NOT NULL,
    companions INTEGER NOT NULL,
    foreign_files INTEGER NOT NULL,
    settling INTEGER NOT NULL,
    incrementals_bytes INTEGER NOT NULL,
    chains INTEGER NOT NULL,
    free_bytes INTEGER,
    total_bytes INTEGER,
    first_seen INTEGER NOT NULL,
    last_scan INTEGER NOT NULL,
    last_good_scan INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    seen_free INTEGER,
    seen_total INTEGER
) STRICT;

CREATE TABLE volumes (
    vid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    fid INTEGER NOT NULL REFERENCES folders (fid) ON DELETE CASCADE,
    folder_id TEXT NOT NULL,
    volume TEXT NOT NULL,
    machine TEXT NOT NULL,
    customer TEXT NOT NULL,
    usage_bytes INTEGER NOT NULL,
    retention_bytes INTEGER NOT NULL,
    images INTEGER NOT NULL,
    chains INTEGER NOT NULL,
    base INTEGER NOT NULL,
    base_written INTEGER NOT NULL,
    newest_image TEXT NOT NULL,
    newest_written INTEGER NOT NULL,
    newest_point TEXT NOT NULL,
    verdict TEXT NOT NULL,
    newest_restorable_point TEXT NOT NULL,
    newest_restorable_written INTEGER NOT NULL,
    points_broken INTEGER NOT NULL,
    points_doubtful INTEGER NOT NULL,
    points_presumed INTEGER NOT NULL,
    points_certain INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    vanished INTEGER NOT NULL,
    stale INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
CREATE INDEX volumes_by_folder ON volumes (fid);

CREATE TABLE images (
    fid INTEGER NOT NULL REFERENCES folders (fid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    written INTEGER,
    first_seen INTEGER,
    vanished INTEGER,
    tail_differential INTEGER,
    tail_incremental INTEGER,
    basis INTEGER NOT NULL,
    suspicious INTEGER NOT NULL,
    PRIMARY KEY (fid, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE scopes (
    scope_id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL UNIQUE,
    seen INTEGER NOT NULL
) STRICT;

CREATE TABLE findings (
    finding INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    scope_id INTEGER REFERENCES scopes (scope_id),
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    domain TEXT NOT NULL,
    who TEXT NOT NULL,
    self_heals INTEGER NOT NULL,
    says TEXT NOT NULL,
    remedy TEXT NOT NULL,
    evidence TEXT NOT NULL,
    folder_id TEXT NOT NULL,
    volume_id TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX findings_open ON findings (key) WHERE closed = 0;
CREATE INDEX findings_closed ON findings (closed) WHERE closed <> 0;

CREATE TABLE samples (
    fid INTEGER NOT NULL REFERENCES folders (fid) ON DELETE CASCADE,
    day INTEGER NOT NULL,
    at INTEGER NOT NULL,
    image_bytes INTEGER NOT NULL,
    images INTEGER NOT NULL,
    free_bytes INTEGER,
    PRIMARY KEY (fid, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstones (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL
) STRICT;
CREATE INDEX tombstones_by_id ON tombstones (id);
)sql";

constexpr const char* history_2 = "ALTER TABLE folders ADD COLUMN retention TEXT NOT NULL DEFAULT ''";

// `checked` has the newest check of each image, `checks` every one. Images without a row here were never checked.
constexpr const char* history_3 = R"sql(
ALTER TABLE volumes ADD COLUMN checks_good INTEGER NOT NULL DEFAULT 0;
ALTER TABLE volumes ADD COLUMN checks_failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE volumes ADD COLUMN checks_others INTEGER NOT NULL DEFAULT 0;
ALTER TABLE volumes ADD COLUMN checks_oldest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE volumes ADD COLUMN checks_newest INTEGER NOT NULL DEFAULT 0;

CREATE TABLE checks (
    number INTEGER PRIMARY KEY,
    fid INTEGER NOT NULL REFERENCES folders (fid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    written INTEGER,
    at INTEGER NOT NULL,
    result INTEGER NOT NULL,
    digest TEXT NOT NULL,
    expected TEXT NOT NULL
) STRICT;
CREATE INDEX checks_of_image ON checks (fid, name, at);
CREATE INDEX checks_by_time ON checks (at);

CREATE TABLE checked (
    fid INTEGER NOT NULL REFERENCES folders (fid) ON DELETE CASCADE,
    name TEXT NOT NULL,
    volume_id TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    written INTEGER,
    at INTEGER NOT NULL,
    result INTEGER NOT NULL,
    digest TEXT NOT NULL,
    expected TEXT NOT NULL,
    PRIMARY KEY (fid, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX checked_damaged ON checked (fid) WHERE result = 1;
)sql";

// `activity` counts, `entries` are what is worth reading, `readings` say where the next reading of a log or of events begins.
// `troubles` are what ImageManager complained of and nothing has settled yet, `successes` the newest of each kind.
constexpr const char* history_4 = R"sql(
CREATE TABLE activity (
    day INTEGER NOT NULL,
    folder_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    times INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (day, folder_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    day INTEGER NOT NULL,
    folder_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    source TEXT NOT NULL,
    event_id INTEGER NOT NULL,
    image TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_day ON entries (day);

CREATE TABLE readings (
    source TEXT PRIMARY KEY,
    offset INTEGER NOT NULL,
    in_long_line INTEGER NOT NULL,
    digest TEXT NOT NULL,
    record INTEGER NOT NULL,
    newest INTEGER NOT NULL
) STRICT;

CREATE TABLE troubles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    folder_id TEXT NOT NULL,
    volume TEXT NOT NULL,
    base INTEGER NOT NULL,
    image TEXT NOT NULL,
    source TEXT NOT NULL,
    event_id INTEGER NOT NULL,
    otherwise TEXT NOT NULL,
    severity TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (kind, folder_id, volume, base, image, source, event_id)
) STRICT;

CREATE TABLE successes (
    kind TEXT NOT NULL,
    folder_id TEXT NOT NULL,
    volume TEXT NOT NULL,
    base INTEGER NOT NULL,
    image TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, folder_id, volume, base)
) STRICT, WITHOUT ROWID;
)sql";

// What ImageManager's records say, as JSON objects; written apart from looks.
constexpr const char* history_5 = R"sql(
ALTER TABLE folders ADD COLUMN records TEXT NOT NULL DEFAULT '';
ALTER TABLE volumes ADD COLUMN records TEXT NOT NULL DEFAULT '';
)sql";

constexpr const char* settings_1 = R"sql(
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('read', 'operate')),
    sha256 TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    revoked INTEGER NOT NULL,
    local INTEGER NOT NULL
) STRICT;

CREATE TABLE adopted (
    path TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    customer TEXT NOT NULL,
    machine TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE volume_settings (
    volume_id TEXT PRIMARY KEY,
    grace_days INTEGER,
    notes TEXT NOT NULL,
    expected_retention TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    "from" TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
)sql";

// `secret` is encrypted for the computer before it comes here.
constexpr const char* settings_2 = R"sql(
CREATE TABLE shares (
    share TEXT PRIMARY KEY COLLATE NOCASE,
    account TEXT NOT NULL,
    secret TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT;
)sql";

constexpr std::array history_table{history_1, history_2, history_3, history_4, history_5};
constexpr std::array settings_table{settings_1, settings_2};

}  // namespace

std::span<const char* const> history_steps() noexcept {
    return history_table;
}
std::span<const char* const> settings_steps() noexcept {
    return settings_table;
}

}  // namespace imc::store
