// The verbs about tokens, and what agents and tokens may.
#include "shuttle/relay/desk.hpp"
#include "shuttle/relay/verbs.hpp"

#include <iomanip>
#include <iostream>

namespace shuttle::relay {

using nlohmann::json;

namespace {

constexpr std::int64_t day_seconds = 86'400;

int limit(const Config& config, const char* kind, const std::string& id, const Allowance& allowance) {
    return with_registry(config, [&](Registry& registry, const Places&) {
        const auto set = registry.allow(kind, id, allowance, who, unix_now());
        if (!set) return complain(set.error());
        if (!*set) return complain(std::string("there is no ") + kind + " " + id);
        std::cerr << "In force within a second; what is not given is as the configuration says of all.\n";
        return 0;
    });
}

}  // namespace

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
        token.allowance = options.allowance;
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
                            {"revoked", moment_json(token.revoked)},
                            {"limits", allowance_json(token.allowance)}});
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

int limit_agent(const Config& config, const std::string& id, const Allowance& allowance) {
    return limit(config, "agent", id, allowance);
}

int limit_token(const Config& config, const std::string& id, const Allowance& allowance) {
    return limit(config, "token", id, allowance);
}

}  // namespace shuttle::relay
