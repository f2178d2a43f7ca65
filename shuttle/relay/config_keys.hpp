// All keys of the relay's configuration, as one table: reading, the documented file and the JSON Schema come from it. Internal to
// config.cpp. What it is not: values.
#pragma once

#include "shuttle/relay/config.hpp"

#include <string_view>
#include <utility>
#include <variant>

namespace shuttle::relay {

using Text = std::string Config::*;
using Number = std::int64_t Config::*;
using List = std::vector<std::string> Config::*;

enum class Form { line, level, path, place, listen, domain, network };

struct Key {
    std::string_view table, name;
    std::variant<Text, Number, List> field;
    std::string_view sentence;
    Form form = Form::line;
    std::string_view unit = {};
    std::int64_t low = 0, high = 0;
    bool empty = false;  // texts: may be; numbers: 0 may be as well
};

inline constexpr Key keys[] = {
    {"relay", "name", &Config::name,
     "What the relay is called. Join codes carry it, and enrolled agents take no other: it is not to be changed later."},
    {"relay",
     "data_directory",
     &Config::data_directory,
     "Where the registry and the keys lie. Empty: the place that the platform provides.",
     Form::path,
     {},
     0,
     0,
     true},
    {"relay", "log_level", &Config::log_level, "How much is logged: \"debug\", \"info\", \"warning\" or \"error\".", Form::level},
    {"agents", "listen", &Config::agents_listen, "Addresses and ports that agents dial; port 0 takes a free one.", Form::listen, {}, 1, 16},
    {"agents",
     "public_address",
     &Config::public_address,
     "Host and port that agents reach this port at, as join codes carry it. Empty: no join code can be made.",
     Form::place,
     {},
     0,
     0,
     true},
    {"agents",
     "certificate",
     &Config::agents_certificate,
     "PEM file with a certificate of your own and its chain. Empty: the relay makes one, which its agents know by the relay's key.",
     Form::path,
     {},
     0,
     0,
     true},
    {"agents",
     "certificate_key",
     &Config::agents_certificate_key,
     "PEM file with the key of that certificate.",
     Form::path,
     {},
     0,
     0,
     true},
    {"agents", "max_agents", &Config::max_agents, "Agents connected at once.", Form::line, "agents", 1, 1'000'000},
    {"agents", "max_per_address", &Config::max_agents_per_address, "Of these, from one address.", Form::line, "agents", 1, 1'000'000},
    {"portal",
     "listen",
     &Config::portal_listen,
     "Addresses and ports that portals connect to; port 0 takes a free one.",
     Form::listen,
     {},
     1,
     16},
    {"portal",
     "certificate",
     &Config::portal_certificate,
     "PEM file with a certificate of your own and its chain. Empty: the one that the relay makes for itself.",
     Form::path,
     {},
     0,
     0,
     true},
    {"portal",
     "certificate_key",
     &Config::portal_certificate_key,
     "PEM file with the key of that certificate.",
     Form::path,
     {},
     0,
     0,
     true},
    {"portal", "max_connections", &Config::max_portal_connections, "Connections open at once.", Form::line, "connections", 1, 1'000'000},
    {"portal", "max_per_address", &Config::max_portal_connections_per_address, "Of these, from one address.", Form::line, "connections", 1,
     1'000'000},
    {"sni",
     "domain",
     &Config::sni_domain,
     "TLS to AGENT-ID below this domain, in small letters such as \"agents.relay.example\", goes to that agent as it is, without CONNECT "
     "and without a token of the relay. Empty: no TLS is passed through.",
     Form::domain,
     {},
     0,
     0,
     true},
    {"sni",
     "allow",
     &Config::sni_allow,
     "Networks that such connections may come from, such as \"192.0.2.0/24\"; there is no other authorisation but the agent's own. Empty: "
     "none.",
     Form::network,
     {},
     0,
     100},
    {"sni", "groups", &Config::sni_groups, "Groups of agents that are reached this way; \"*\": all.", Form::line, {}, 0, 100},
    {"events", "grace_seconds", &Config::events_grace_seconds,
     "An agent is told to be offline after so long without a tunnel; one that comes back before is no news.", Form::line, "seconds", 0,
     86'400},
    {"events", "flaps", &Config::events_flaps,
     "Tunnels made and lost within flap_minutes that make an agent flapping; that is told once, and nothing more until it has kept still "
     "for as long.",
     Form::line, "changes", 3, 100},
    {"events", "flap_minutes", &Config::events_flap_minutes, "See flaps.", Form::line, "minutes", 1, 1'440},
    {"events",
     "ca_file",
     &Config::events_ca_file,
     "PEM file with authorities that webhooks' servers may have their certificates from, besides the system's.",
     Form::path,
     {},
     0,
     0,
     true},
    {"limits", "streams_per_agent", &Config::streams_per_agent, "Connections into one agent at once.", Form::line, "streams", 1, 240},
    {"limits", "streams_per_token", &Config::streams_per_token, "Connections of one portal token at once.", Form::line, "streams", 1,
     1'000'000},
    {"limits", "connects_per_second_per_agent", &Config::connects_per_agent,
     "New connections into one agent in a second; more are answered with 429 and Retry-After. imshuttle agents limit has others for one "
     "agent.",
     Form::line, "connections", 1, 100'000},
    {"limits", "connects_per_second_per_token", &Config::connects_per_token, "The same of one portal token; imshuttle token limit.",
     Form::line, "connections", 1, 100'000},
    {"limits", "bytes_per_second_per_agent", &Config::bytes_per_agent,
     "Bytes that pass each way to and from one agent; whoever sends more is held up. 0: no limit.", Form::line, "bytes a second", 65'536,
     100'000'000'000, true},
    {"limits", "bytes_per_second_per_token", &Config::bytes_per_token, "The same of one portal token. 0: no limit.", Form::line,
     "bytes a second", 65'536, 100'000'000'000, true},
    {"limits", "handshake_seconds", &Config::handshake_seconds, "Longest time for each step of a connection's beginning.", Form::line,
     "seconds", 1, 600},
    {"limits", "idle_seconds", &Config::idle_seconds, "A connection into an agent is closed when nothing has passed for so long.",
     Form::line, "seconds", 5, 86'400},
    {"limits", "arrival_seconds", &Config::arrival_seconds,
     "How long a connection waits for an agent that has lost its tunnel just now, or whose relay has just been started.", Form::line,
     "seconds", 0, 60},
    {"limits", "drain_seconds", &Config::drain_seconds, "How long connections may go on when the relay stops.", Form::line, "seconds", 0,
     3'600},
    {"limits", "restart_seconds", &Config::restart_seconds,
     "The same where systemd keeps the relay's sockets: whoever comes meanwhile waits for so long.", Form::line, "seconds", 0, 3'600},
};

inline constexpr std::pair<std::string_view, std::string_view> tables[] = {
    {"relay", "The relay itself."},
    {"agents", "The port that agents dial, WebSocket over TLS."},
    {"portal", "The port that portals reach agents by: HTTP CONNECT over TLS, to AGENT-ID:443, with a token of the relay."},
    {"sni", "Pass-through at the portals' port: connections of TLS that name their agent."},
    {"events", "What is told of agents, to the webhooks that imshuttle webhook add makes."},
    {"limits", "What nobody may pass."},
};

}  // namespace shuttle::relay
