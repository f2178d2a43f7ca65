#include "shuttle/relay/verbs.hpp"

#include "shuttle/core/join_code.hpp"
#include "shuttle/relay/desk.hpp"
#include "shuttle/relay/switchboard.hpp"

#include <iomanip>
#include <iostream>
#include <map>

namespace shuttle::relay {

using nlohmann::json;

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
                            {"limits", allowance_json(agent.allowance)},
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

int drain(const Config& config) {
    return with_registry(config, [](Registry& registry, const Places& places) {
        if (!running(places).is_object()) return complain("no relay runs on " + places.directory);
        if (const auto wanted = registry.want_drain(who, unix_now()); !wanted) return complain(wanted.error());
        std::cerr << "The relay drains and ends when its connections have, at the latest after limits.drain_seconds.\n";
        return 0;
    });
}

}  // namespace shuttle::relay
