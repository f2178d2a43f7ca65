// The agent's configuration: one struct with the defaults, read from a TOML file and refused as a whole where
// anything in it is unknown, of the wrong type or impossible. keys.cpp holds the one table of all keys, from
// which reading, checking, config/imconnector.toml and its JSON Schema come. What it is not: a place for secrets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imc::config {

struct ManagedFolder {
    std::string path;                          // absolute; required
    std::string type = "normal";               // normal | backup_store
    std::string customer;                      // empty: from the path template, if it fits
    std::string machine;                       // empty: from the path template, else the folder's name
    std::string profile = "primary";           // primary | replica
    std::optional<std::uint64_t> quota_bytes;  // a finding when the folder's images pass it
    // As the members of Config; without a value, those hold.
    std::optional<std::uint64_t> intra_daily_days, daily_days, weekly_days, monthly_months;
    friend bool operator==(const ManagedFolder&, const ManagedFolder&) = default;
};

struct GraceRule {
    std::string match;      // glob over "customer/machine/volume", case-insensitive, '*' and '?'
    std::int64_t days = 3;  // 0 to 3650; 0: never stale
    friend bool operator==(const GraceRule&, const GraceRule&) = default;
};

struct CustomerQuota {
    std::string customer;
    std::uint64_t bytes = 0;
    friend bool operator==(const CustomerQuota&, const CustomerQuota&) = default;
};

// Where a path of ImageManager's computer is found from here.
struct PathRule {
    std::string from;  // as ImageManager writes it, such as D:\Backups; whole components, case does not matter
    std::string to;    // absolute
    friend bool operator==(const PathRule&, const PathRule&) = default;
};

struct Brand {
    std::string product = "ImageManager Connector";  // shown instead of the product's name
    std::string color;                               // "#rrggbb"; empty: default
    std::string support;                             // a line of text, such as whom to call
    friend bool operator==(const Brand&, const Brand&) = default;
};

struct Config {
    std::string file;  // where it was read from; empty: defaults

    // [agent]
    std::string data_directory;      // empty: host::default_data_directory(); the engine fills it in
    std::string log_level = "info";  // trace debug info warning error
    std::string log_file;            // empty: terminal or journal only
    std::int64_t log_file_bytes = 10'485'760;
    std::int64_t log_files = 5;

    // [api]
    std::vector<std::string> listen = {"0.0.0.0:8443", "[::]:8443"};  // address:port; port 0 takes a free one
    std::vector<std::string> allow = {"0.0.0.0/0", "::/0"};           // CIDR; loopback is always allowed
    std::string certificate;                                          // PEM file of the user's own; empty: the agent's own
    std::string certificate_key;                                      // PEM file
    std::string client_ca;                                            // PEM file: client certificates signed by it are accepted as identity
    bool client_certificate_required = false;
    std::vector<std::string> certificate_names;  // extra DNS names or addresses in the agent's own certificate
    std::int64_t max_connections = 256;
    std::int64_t max_connections_per_address = 32;
    std::int64_t max_requests_per_connection = 10'000;
    std::int64_t max_header_bytes = 16'384;
    std::int64_t max_body_bytes = 1'048'576;
    std::int64_t handshake_timeout_seconds = 10;
    std::int64_t header_timeout_seconds = 15;
    std::int64_t body_timeout_seconds = 30;
    std::int64_t write_timeout_seconds = 60;
    std::int64_t idle_timeout_seconds = 120;
    std::int64_t max_event_streams = 16;

    // [scan]
    std::int64_t interval_seconds = 900;        // between looks at the same folder; 10 to 86400
    bool watch_changes = true;                  // look when the system tells of a change
    std::int64_t parallel_folders = 4;          // 1 to 64
    std::int64_t folder_timeout_seconds = 120;  // one folder's look; a dead share never holds the others
    std::int64_t settle_seconds = 120;
    std::int64_t max_entries_per_folder = 2'000'000;
    bool expect_md5 = true;
    std::string week_end = "saturday";  // sunday to saturday
    std::int64_t month_end = 31;        // 1 to 31

    // [retention]: what ImageManager is expected to keep, counted from the roll-up; 0: kept for ever. The defaults are
    // those of ImageManager since version 6.
    std::int64_t intra_daily_days = 7;
    std::int64_t daily_days = 15;
    std::int64_t weekly_days = 90;
    std::int64_t monthly_months = 12;

    // [discovery]
    std::vector<std::string> roots;  // where to look for unmanaged folders
    std::string path_template = "{root}/{customer}/{folder}";
    std::int64_t discovery_depth = 4;  // 1 to 16
    std::int64_t discovery_interval_seconds = 86'400;
    std::int64_t discovery_max_directories = 20'000;
    bool auto_adopt = false;

    // [imagemanager]
    bool imagemanager_enabled = true;
    std::string imagemanager_database;       // empty: beside the program
    std::string imagemanager_program;        // empty: as the service says, else where a usual installation has it
    std::string imagemanager_logs;           // directory; empty: "Logs" beside the program or the database
    std::string imagemanager_events;         // exported XML; empty: the event log of this computer, where it has one
    std::int64_t poll_seconds = 60;          // between looks at whether the database has changed; 5 to 86400
    std::int64_t lag_seconds = 3600;         // how far the database may be behind the disk; 0 to 604800
    std::int64_t verify_days = 4;            // 0: never
    std::int64_t replication_days = 4;       // 0: never
    std::int64_t rotation_days = 35;         // 0: never
    std::vector<PathRule> imagemanager_map;  // [[imagemanager.path]]

    // [verify]
    bool verify_enabled = true;
    std::string verify_window = "01:00-05:00";  // by the local clock; equal times: always
    std::uint64_t verify_bytes_per_night = 500'000'000'000;
    std::uint64_t verify_bytes_per_second = 50'000'000;  // 0: as fast as it goes
    std::int64_t verify_again_days = 30;                 // what was good is not checked again before

    // [monitor]
    std::int64_t grace_days = 3;                   // 0 to 3650
    std::vector<GraceRule> grace;                  // [[monitor.grace]]; first match wins
    std::int64_t base_age_warning_days = 365;      // 0: never
    std::int64_t base_age_critical_days = 730;     // 0: never
    std::int64_t free_space_warning_percent = 10;  // 0: never
    std::int64_t free_space_critical_percent = 5;  // 0: never
    std::vector<CustomerQuota> quotas;             // [[monitor.quota]]
    std::int64_t keep_closed_findings_days = 400;
    std::int64_t keep_samples_days = 800;

    std::vector<ManagedFolder> folders;  // [[folder]]
    Brand brand;                         // [brand]
    friend bool operator==(const Config&, const Config&) = default;
};

// One thing wrong with a file, in words for its reader: "config.toml:12: scan.interval_seconds: ...".
struct Problem {
    std::string file;
    int line = 0;      // 1-based; 0: the file as a whole
    std::string key;   // dotted, such as "scan.interval_seconds"; empty: not about a key
    std::string says;  // what is wrong and what would be right
    [[nodiscard]] std::string text() const;
};

struct Loaded {
    Config config;                  // meaningful only without problems
    std::vector<Problem> problems;  // all of them, not only the first
};

// Files over 1 MiB are refused. Never throws but for want of memory.
[[nodiscard]] Loaded load(const std::string& path);
[[nodiscard]] Loaded parse(const std::string& text, const std::string& file_name);

// The commented file with every key, default, unit and sentence (config/imconnector.toml), and its JSON Schema.
[[nodiscard]] std::string documented();
[[nodiscard]] std::string schema();

}  // namespace imc::config
