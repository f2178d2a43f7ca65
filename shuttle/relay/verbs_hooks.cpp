// The verbs about webhooks.
#include "shuttle/relay/desk.hpp"
#include "shuttle/relay/hook.hpp"
#include "shuttle/relay/verbs.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>

namespace shuttle::relay {

using nlohmann::json;

namespace {

constexpr std::int64_t log_lines = 200;
constexpr std::size_t longest_line = 4'096;

const std::vector<std::string>& all_events() {
    static const std::vector<std::string> all = {"online", "offline", "flapping"};
    return all;
}

std::string joined_words(const json& list) {
    std::string text;
    for (const auto& one : list) text += (text.empty() ? "" : ",") + one.get<std::string>();
    return text;
}

}  // namespace

int add_hook(const Config& config, const NewHook& options) {
    if (const auto url = parse_hook_url(options.url); !url) return complain(url.error());
    for (const auto& event : options.events) {
        if (std::find(all_events().begin(), all_events().end(), event) == all_events().end())
            return complain("events are online, offline and flapping");
    }
    std::string secret;
    std::cerr << "Secret: " << std::flush;
    std::getline(std::cin, secret);
    while (!secret.empty() && (secret.back() == '\r' || secret.back() == ' ')) secret.pop_back();
    if (secret.size() > longest_line) return complain("that is no secret");
    if (const auto bytes = secret_bytes(secret); !bytes) return complain(bytes.error());
    return with_registry(config, [&](Registry& registry, const Places&) {
        HookRecord hook;
        hook.id = "w" + random_text<5>();
        hook.url = options.url;
        hook.secret = secret;
        hook.events = options.events.empty() ? all_events() : options.events;
        hook.created = unix_now();
        if (const auto added = registry.add_hook(hook, who, hook.created); !added) return complain(added.error());
        std::cout << hook.id << "\n" << std::flush;
        std::cerr
            << "Events from now on are posted there, signed with the secret, which is not shown again. Try it: imshuttle webhook test "
            << hook.id << "\n";
        return 0;
    });
}

int list_hooks(const Config& config, bool as_json) {
    return with_registry(config, [as_json](Registry& registry, const Places&) {
        const auto all = registry.hooks();
        if (!all) return complain(all.error());
        json list = json::array();
        for (const auto& hook : *all) {
            list.push_back({{"id", hook.id},
                            {"url", shown_url(hook.url)},
                            {"events", hook.events},
                            {"created", moment_json(hook.created)},
                            {"waiting", hook.waiting},
                            {"delivered", hook.delivered},
                            {"failed", hook.failed},
                            {"dropped", hook.dropped},
                            {"last_outcome", hook.last_outcome.empty() ? json() : json(hook.last_outcome)}});
        }
        if (as_json) {
            print({{"webhooks", std::move(list)}});
            return 0;
        }
        for (const auto& hook : list) {
            std::cout << std::left << std::setw(12) << hook["id"].get<std::string>() << std::setw(40) << hook["url"].get<std::string>()
                      << " " << joined_words(hook["events"]) << "; " << hook["delivered"] << " delivered, " << hook["waiting"]
                      << " waiting, " << hook["dropped"] << " dropped"
                      << (hook["last_outcome"].is_null() ? "" : "; last: " + hook["last_outcome"].get<std::string>()) << "\n";
        }
        if (list.empty()) std::cerr << "There are no webhooks; imshuttle webhook add makes one.\n";
        return 0;
    });
}

int remove_hook(const Config& config, const std::string& id) {
    return with_registry(config, [&](Registry& registry, const Places&) {
        const auto removed = registry.remove_hook(id, who, unix_now());
        if (!removed) return complain(removed.error());
        if (!*removed) return complain("there is no webhook " + id);
        std::cerr << "Nothing more is sent there; what waited is gone.\n";
        return 0;
    });
}

int test_hook(const Config& config, const std::string& id) {
    return with_registry(config, [&](Registry& registry, const Places& places) {
        const auto now = unix_now();
        Message message;
        message.id = "evt_" + random_text<10>();
        message.kind = "test";
        message.at = now;
        message.body = json({{"id", message.id}, {"type", "relay.test"}, {"at", moment(now)}, {"relay", config.name}}).dump();
        const auto queued = registry.queue(id, message);
        if (!queued) return complain(queued.error());
        if (!*queued) return complain("there is no webhook " + id);
        std::cout << message.id << "\n" << std::flush;
        std::cerr << (running(places).is_object() ? "Sent within seconds" : "Sent when the relay runs") << ": imshuttle webhook log " << id
                  << "\n";
        return 0;
    });
}

int log_hooks(const Config& config, const std::string& id, bool as_json) {
    return with_registry(config, [&](Registry& registry, const Places&) {
        const auto all = registry.deliveries(id, log_lines);
        if (!all) return complain(all.error());
        json list = json::array();
        for (const auto& one : *all) {
            list.push_back({{"at", moment(one.at)},
                            {"webhook", one.hook},
                            {"id", one.id},
                            {"event", one.kind},
                            {"agent", one.agent.empty() ? json() : json(one.agent)},
                            {"attempt", one.attempt},
                            {"outcome", one.outcome}});
            if (as_json) continue;
            std::cout << moment(one.at) << "  " << std::left << std::setw(12) << one.hook << std::setw(10) << one.kind << std::setw(14)
                      << one.agent << one.outcome << " (try " << one.attempt << ", " << one.id << ")\n";
        }
        if (as_json) print({{"deliveries", std::move(list)}});
        return 0;
    });
}

}  // namespace shuttle::relay
