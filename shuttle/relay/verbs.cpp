#include "shuttle/relay/verbs.hpp"

#include "agent/host/files.hpp"
#include "shuttle/core/join_code.hpp"
#include "shuttle/relay/places.hpp"

#include <array>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

namespace shuttle::relay {

using nlohmann::json;

namespace {

constexpr std::size_t largest_state = 64u << 20;
constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t believed_seconds = 30;  // a running relay tells anew every ten
constexpr const char* who = "command line";

int complain(const std::string& says) {
    std::cerr << "imshuttle: " << says << "\n";
    return 1;
}

// Null: the relay does not run.
json running(const Places& places) {
    const auto text = imc::host::read_file(places.state, largest_state);
    if (!text) return {};
    json state = json::parse(*text, nullptr, false);
    const auto told = state.is_object() ? state.value("told", json()) : json();
    if (!told.is_number_integer() || std::abs(unix_now() - told.get<std::int64_t>()) > believed_seconds) return {};
    return state;
}

std::string moment(std::int64_t time) {
    if (time == 0) return "-";
    const auto days = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(time)));
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss clock(std::chrono::sys_seconds(std::chrono::seconds(time)) - days);
    const auto two = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return std::to_string(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
           two(static_cast<unsigned>(date.day())) + "T" + two(clock.hours().count()) + ":" + two(clock.minutes().count()) + ":" +
           two(clock.seconds().count()) + "Z";
}

json moment_json(std::int64_t time) {
    return time == 0 ? json() : json(moment(time));
}

void print(const json& document) {
    std::cout << document.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
}

// Calls `work` with the registry; complains where there is none.
template <class Work>
int with_registry(const Config& config, Work work) {
    const Places places(config);
    if (auto made = imc::host::make_private_directory(places.directory); !made)
        return complain("cannot make the data directory " + places.directory + ": " + made.error().message() + "; run as administrator");
    auto registry = Registry::open(places.registry);
    if (!registry) return complain(registry.error());
    return work(*registry, places);
}

bool group_name(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == std::string::npos;
}

template <std::size_t size>
std::string random_text() {
    std::array<core::Byte, size> bytes{};
    if (!io::OpenSslCrypto().random(bytes)) throw std::runtime_error("no random numbers can be had");
    return core::base32(bytes);
}

}  // namespace

int status(const Config& config, bool as_json) {
    const Places places(config);
    const json state = running(places);
    const bool runs = state.is_object();
    if (as_json) {
        print(runs ? json{{"running", true}, {"relay", state}} : json{{"running", false}});
    } else if (runs) {
        std::cout << "Relay " << state.value("name", "") << (state.value("draining", false) ? " drains" : " runs") << " since "
                  << moment(state.value("started", std::int64_t{0})) << " (process " << state.value("pid", 0) << ")\n";
        for (const auto& address : state["agents_listening"]) std::cout << "Agents   " << address.get<std::string>() << "\n";
        for (const auto& address : state["portal_listening"]) std::cout << "Portals  " << address.get<std::string>() << "\n";
        std::cout << "Tunnels  " << state["sessions"].size() << "\n";
    }
    if (!runs) return complain("no relay runs on " + places.directory);
    if (const auto problem = state.value("registry_problem", json()); problem.is_string())
        return complain("the relay cannot read its registry, so revocations are not followed: " + problem.get<std::string>());
    return 0;
}

int list_agents(const Config& config, bool as_json) {
    return with_registry(config, [as_json](Registry& registry, const Places& places) {
        const auto all = registry.everything();
        if (!all) return complain(all.error());
        const json state = running(places);
        std::map<std::string, json> sessions;
        if (state.is_object()) {
            for (const auto& session : state["sessions"]) sessions[session["agent"].get<std::string>()] = session;
        }
        json list = json::array();
        for (const auto& agent : all->agents) {
            const auto live = sessions.find(agent.id);
            const bool online = live != sessions.end();
            list.push_back({{"id", agent.id},
                            {"group", agent.group},
                            {"host", agent.host},
                            {"key", io::hex(agent.key)},
                            {"joined", moment_json(agent.joined)},
                            {"revoked", moment_json(agent.revoked)},
                            {"online", online},
                            {"last_seen", moment_json(agent.last_seen)},
                            {"session", online ? live->second : json()}});
        }
        if (as_json) {
            print({{"agents", std::move(list)}});
            return 0;
        }
        for (const auto& agent : list) {
            const bool revoked = !agent["revoked"].is_null();
            const bool fights = agent["online"] == true && agent["session"].value("taken_over", 0U) >= suspicious_fights;
            std::cout << std::left << std::setw(14) << agent["id"].get<std::string>() << std::setw(9)
                      << (revoked                   ? "revoked"
                          : agent["online"] == true ? "online"
                                                    : "offline")
                      << std::setw(16) << agent["group"].get<std::string>() << agent["host"].get<std::string>()
                      << (fights ? "  (taken over again and again: its key may be on two computers)" : "") << "\n";
        }
        if (list.empty()) std::cerr << "There are no agents; imshuttle join-code create makes a code for one.\n";
        return 0;
    });
}

int create_join(const Config& config, const NewJoin& options) {
    if (config.public_address.empty()) return complain("agents.public_address is not set: a join code must say where the relay is reached");
    if (!group_name(options.group)) return complain("a group is up to 64 letters, digits, '-', '_' and '.'");
    return with_registry(config, [&](Registry& registry, const Places& places) {
        const auto key = identity(places);
        if (!key) return complain(key.error());
        const io::OpenSslCrypto crypto;
        core::JoinCode code{(*key)->public_key(), {}, config.name, config.public_address};
        if (!crypto.random(code.secret)) return complain("no random numbers can be had");
        const auto now = unix_now();
        JoinRecord join;
        join.id = core::join_id_of(code.secret, crypto);
        join.key = core::join_key_of(code.secret, crypto);
        join.group = options.group;
        join.expires = now + options.hours * 3600;
        if (const auto added = registry.add_join(join, who, now); !added) return complain(added.error());
        std::cout << core::encode(code) << "\n" << std::flush;
        std::cerr << "Good for one agent of the group " << options.group << " until " << moment(join.expires)
                  << ". On its computer: imconnector enroll, then paste it.\n";
        return 0;
    });
}

int revoke_agent(const Config& config, const std::string& id) {
    return with_registry(config, [&](Registry& registry, const Places&) {
        const auto revoked = registry.revoke_agent(id, who, unix_now());
        if (!revoked) return complain(revoked.error());
        if (!*revoked) return complain("there is no agent " + id + " that could be revoked");
        std::cerr << "Agent " << id << " is revoked; a tunnel that it has ends within a second.\n";
        return 0;
    });
}

int create_token(const Config& config, const NewToken& options) {
    if (options.name.empty() || options.name.size() > 100) return complain("a name has 1 to 100 letters");
    for (const auto& group : options.groups) {
        if (!group_name(group)) return complain("a group is up to 64 letters, digits, '-', '_' and '.'");
    }
    return with_registry(config, [&](Registry& registry, const Places&) {
        const std::string secret = "ims_" + random_text<25>();
        TokenRecord token;
        token.id = "t" + random_text<5>();
        token.name = options.name;
        token.sha256 = io::sha256({reinterpret_cast<const core::Byte*>(secret.data()), secret.size()});
        token.groups = options.groups.empty() ? std::vector<std::string>{"*"} : options.groups;
        token.created = unix_now();
        token.expires = options.days == 0 ? 0 : token.created + options.days * day_seconds;
        if (const auto added = registry.add_token(token, who, token.created); !added) return complain(added.error());
        std::cout << secret << "\n" << std::flush;
        std::cerr << "Token " << token.id << " is shown this once. Send it as: Proxy-Authorization: Bearer TOKEN\n";
        return 0;
    });
}

int list_tokens(const Config& config, bool as_json) {
    return with_registry(config, [as_json](Registry& registry, const Places&) {
        const auto all = registry.everything();
        if (!all) return complain(all.error());
        json list = json::array();
        for (const auto& token : all->tokens) {
            list.push_back({{"id", token.id},
                            {"name", token.name},
                            {"groups", token.groups},
                            {"created", moment_json(token.created)},
                            {"expires", moment_json(token.expires)},
                            {"revoked", moment_json(token.revoked)}});
            if (as_json) continue;
            std::cout << std::left << std::setw(12) << token.id << std::setw(10) << (token.revoked != 0 ? "revoked" : "valid") << token.name
                      << "\n";
        }
        if (as_json) print({{"tokens", std::move(list)}});
        return 0;
    });
}

int revoke_token(const Config& config, const std::string& id) {
    return with_registry(config, [&](Registry& registry, const Places&) {
        const auto revoked = registry.revoke_token(id, who, unix_now());
        if (!revoked) return complain(revoked.error());
        if (!*revoked) return complain("there is no valid token " + id);
        std::cerr << "Token " << id << " is revoked; connections that it has open go on.\n";
        return 0;
    });
}

int drain(const Config& config) {
    return with_registry(config, [](Registry& registry, const Places& places) {
        if (!running(places).is_object()) return complain("no relay runs on " + places.directory);
        if (const auto wanted = registry.want_drain(who, unix_now()); !wanted) return complain(wanted.error());
        std::cerr << "The relay drains and ends when its connections have, at the latest after limits.drain_seconds.\n";
        return 0;
    });
}

}  // namespace shuttle::relay
