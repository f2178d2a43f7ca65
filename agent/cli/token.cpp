#include "agent/auth/token.hpp"

#include "agent/api/views.hpp"
#include "agent/cli/settings_file.hpp"
#include "agent/cli/table.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/monitor/words.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {
namespace {

using nlohmann::json;

constexpr std::int64_t day_seconds = 86'400;

std::string state_of(const store::TokenRecord& token, std::int64_t now) {
    if (token.revoked != 0) return "revoked";
    if (token.expires != 0 && token.expires <= now) return "expired";
    return token.local ? "command line" : "valid";
}

std::string day_of(std::int64_t time, const char* none) {
    return time == 0 ? none : monitor::rfc3339(time).substr(0, 10);
}

}  // namespace

int create_token(const Context& context, const NewTokenOptions& options) {
    auto settings = open_settings(context);
    if (!settings) return exit_failed;
    const std::int64_t now = context.now();
    const auto token = auth::make_token(options.name, options.scope, now, options.days == 0 ? 0 : now + options.days * day_seconds);
    const auto audit = audited(now, "token.create", token.record.id, {{"name", options.name}, {"scope", options.scope}});
    if (auto added = settings->add_token(token.record, audit); !added) return settings_failed(context, added.error());
    context.out << token.secret << "\n" << std::flush;
    context.err << "Token " << token.record.id << " (" << options.scope << ", " << visible(options.name)
                << (options.days == 0 ? std::string(", does not expire") : ", until " + day_of(token.record.expires, ""))
                << ") is shown this once. Send it as: Authorization: Bearer TOKEN\n";
    return exit_ok;
}

int list_tokens(const Context& context, bool as_json) {
    const auto settings = open_settings(context);
    if (!settings) return exit_failed;
    const auto tokens = settings->tokens();
    if (!tokens) return settings_failed(context, tokens.error());
    const std::int64_t now = context.now();
    json list = json::array();
    std::vector<Row> rows;
    for (const auto& token : *tokens) {
        const std::string state = state_of(token, now);
        list.push_back({{"id", token.id},
                        {"name", token.name},
                        {"scope", token.scope},
                        {"state", token.local && state == "command line" ? "valid" : state},
                        {"local", token.local},
                        {"created", api::time_json(token.created)},
                        {"expires", api::time_json(token.expires)},
                        {"revoked", api::time_json(token.revoked)}});
        const Tone tone = state == "revoked" || state == "expired" ? Tone::dim : Tone::plain;
        rows.push_back({{token.id, tone},
                        {visible(token.name), tone},
                        {token.scope, tone},
                        {day_of(token.created, ""), tone},
                        {day_of(token.expires, "never"), tone},
                        {state, tone}});
    }
    if (as_json) {
        context.print({{"tokens", std::move(list)}});
    } else if (rows.empty()) {
        context.err << "There are no tokens; imconnector token create --name NAME makes one.\n";
    } else {
        context.out << table({{"id", false, 0, 0, Cut::end},
                              {"name", false, 8, 0, Cut::end},
                              {"scope", false, 0, 0, Cut::end},
                              {"created", false, 0, 2, Cut::end},
                              {"expires", false, 0, 1, Cut::end},
                              {"state", false, 0, 0, Cut::end}},
                             rows, context.style(), 0);
    }
    return exit_ok;
}

int revoke_token(const Context& context, const std::string& id) {
    auto settings = open_settings(context);
    if (!settings) return exit_failed;
    const std::int64_t now = context.now();
    const auto revoked = settings->revoke_token(id, now, audited(now, "token.revoke", id, json::object()));
    if (!revoked) return settings_failed(context, revoked.error());
    if (!*revoked) return context.complain("there is no valid token " + id + "; imconnector token list shows all");
    context.err << "Token " << visible(id) << " is revoked; a running agent refuses it within seconds.\n";
    return exit_ok;
}

}  // namespace imc::cli
