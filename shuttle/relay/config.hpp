// The relay's configuration: one struct with the defaults, read from a TOML file and refused as a whole where anything in it is
// unknown, of the wrong type or impossible. One table of keys (config.cpp) gives reading, the documented file and the JSON
// Schema. What it is not: a place for secrets.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace shuttle::relay {

struct Config {
    // [relay]
    std::string name = "relay";      // part of every join code; agents know the relay by it and its key
    std::string data_directory;      // empty: default_data_directory()
    std::string log_level = "info";  // debug info warning error

    // [agents]
    std::vector<std::string> agents_listen = {"0.0.0.0:443"};
    std::string public_address;  // "host:port" that join codes carry
    std::string agents_certificate, agents_certificate_key;
    std::int64_t max_agents = 10'000;
    std::int64_t max_agents_per_address = 1'000;

    // [portal]
    std::vector<std::string> portal_listen = {"127.0.0.1:8444"};
    std::string portal_certificate, portal_certificate_key;
    std::int64_t max_portal_connections = 4'096;
    std::int64_t max_portal_connections_per_address = 1'024;

    // [sni]
    std::string sni_domain;
    std::vector<std::string> sni_allow;
    std::vector<std::string> sni_groups = {"*"};

    // [events]
    std::int64_t events_grace_seconds = 60;
    std::int64_t events_flaps = 5;
    std::int64_t events_flap_minutes = 10;
    std::string events_ca_file;

    // [limits]
    std::int64_t streams_per_agent = 128;
    std::int64_t streams_per_token = 1'024;
    std::int64_t connects_per_agent = 1'000;  // in a second
    std::int64_t connects_per_token = 5'000;
    std::int64_t bytes_per_agent = 0;  // in a second, each way; 0: no limit
    std::int64_t bytes_per_token = 0;
    std::int64_t handshake_seconds = 20;
    std::int64_t arrival_seconds = 15;
    std::int64_t idle_seconds = 300;
    std::int64_t drain_seconds = 30;
    std::int64_t restart_seconds = 10;
    friend bool operator==(const Config&, const Config&) = default;
};

struct Loaded {
    Config config;                      // meaningful only without problems
    std::vector<std::string> problems;  // "file:12: limits.idle_seconds: ..."
};
// Files over 1 MiB are refused.
[[nodiscard]] Loaded load(const std::string& path);
[[nodiscard]] Loaded parse(const std::string& text, const std::string& file);
[[nodiscard]] std::string documented();
[[nodiscard]] std::string schema();

[[nodiscard]] std::string default_config_file();     // /etc/imshuttle/imshuttle.toml
[[nodiscard]] std::string default_data_directory();  // /var/lib/imshuttle

}  // namespace shuttle::relay
