#include "agent/host/share.hpp"

#include "agent/api/views.hpp"
#include "agent/cli/hidden_input.hpp"
#include "agent/cli/settings_file.hpp"
#include "agent/cli/table.hpp"
#include "agent/cli/verbs.hpp"
#include "agent/host/secret.hpp"
#include "agent/monitor/words.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

namespace imc::cli {
namespace {

using nlohmann::json;

constexpr std::size_t longest_password = 512;

// Of what was typed, which may be a folder below it.
std::optional<std::string> share_named(const Context& context, const std::string& text) {
    auto share = host::share_of(text);
    if (!share.empty()) return share;
    context.complain(visible(text) + " is on no share; one is written \\\\server\\share", exit_usage);
    return std::nullopt;
}

}  // namespace

int set_share(const Context& context, const ShareOptions& options) {
    if (!host::shares_take_logins()) {
        return context.complain("shares are mounted by the system here; mount it, and configure the folder at its mount point");
    }
    const auto share = share_named(context, options.share);
    if (!share) return exit_usage;
    const auto password = read_hidden(context, "Password of " + visible(options.account) + ": ", longest_password);
    if (!password) return context.complain("a password is wanted on standard input, of at most 512 bytes", exit_usage);
    const auto secret = host::protect_as_text(*password);
    if (!secret) return context.complain("the password cannot be encrypted for this computer: " + secret.error().message());
    auto settings = open_settings(context);
    if (!settings) return exit_failed;
    const std::int64_t now = context.now();
    const auto audit = audited(now, "share.set", *share, {{"account", options.account}});
    if (auto set = settings->set_share({*share, options.account, *secret, now}, audit); !set) return settings_failed(context, set.error());
    context.err << "The login to " << visible(*share) << " as " << visible(options.account)
                << " is stored, encrypted for this computer; a running agent uses it within seconds.\n";
    return exit_ok;
}

int list_shares(const Context& context, bool as_json) {
    const auto settings = open_settings(context);
    if (!settings) return exit_failed;
    const auto shares = settings->shares();
    if (!shares) return settings_failed(context, shares.error());
    json list = json::array();
    std::vector<Row> rows;
    for (const auto& share : *shares) {
        list.push_back({{"share", share.share}, {"account", share.account}, {"since", api::time_json(share.since)}});
        rows.push_back({{visible(share.share), Tone::plain},
                        {visible(share.account), Tone::plain},
                        {monitor::rfc3339(share.since).substr(0, 10), Tone::dim}});
    }
    if (as_json) {
        context.print({{"shares", std::move(list)}});
    } else if (rows.empty()) {
        context.err << "No logins to shares are stored; the service's own account reads them all.\n";
    } else {
        context.out << table({{"share", false, 12, 0, Cut::end}, {"account", false, 8, 0, Cut::end}, {"since", false, 0, 1, Cut::end}},
                             rows, context.style(), 0);
    }
    return exit_ok;
}

int remove_share(const Context& context, const std::string& text) {
    const auto share = share_named(context, text);
    if (!share) return exit_usage;
    auto settings = open_settings(context);
    if (!settings) return exit_failed;
    const auto removed = settings->remove_share(*share, audited(context.now(), "share.remove", *share, json::object()));
    if (!removed) return settings_failed(context, removed.error());
    if (!*removed) return context.complain("no login to " + visible(*share) + " is stored; imconnector share list shows all");
    context.err << "The login to " << visible(*share) << " is forgotten; the connection stays until the agent starts anew.\n";
    return exit_ok;
}

}  // namespace imc::cli
