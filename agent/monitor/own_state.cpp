#include "agent/monitor/own_state.hpp"

#include "agent/monitor/catalogue.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace imc::monitor {
namespace {

using nlohmann::json;

constexpr std::int64_t day = 86'400;
constexpr std::size_t shown = 20;

store::FindingRecord about_agent(std::string_view code, const std::string& subject, const std::string& says, const json& evidence,
                                 std::optional<std::string_view> severity = {}) {
    return make_finding(code, "agent:" + std::string(code) + ":" + subject, says, {}, evidence, {}, {}, severity);
}

}  // namespace

store::FindingRecord config_refused(const std::string& file, const std::vector<config::Problem>& problems) {
    json told = json::array();
    for (const auto& problem : problems) {
        if (told.size() < shown) told.push_back(problem.text());
    }
    std::string says = "The changed configuration " + file + " was refused and the running one is kept";
    if (!problems.empty()) says += ": " + problems.front().text();
    if (problems.size() > 1) says += " (and " + count_text(problems.size() - 1, "more problem", "more problems") + ")";
    if (says.back() != '.') says += ".";
    return about_agent("config_refused", "", says, {{"file", file}, {"problems", told}});
}

store::FindingRecord installer_refused(const std::string& file, const std::string& lines) {
    json told = json::array();
    for (std::size_t at = 0; at < lines.size() && told.size() < shown;) {
        const std::size_t end = std::min(lines.find('\n', at), lines.size());
        if (end > at) told.push_back(lines.substr(at, end - at));
        at = end + 1;
    }
    std::string says = "Not all that the installer was told is in the configuration " + file;
    if (!told.empty()) says += ": " + told.front().get<std::string>();
    if (told.size() > 1) says += " (and " + count_text(told.size() - 1, "more problem", "more problems") + ")";
    if (says.back() != '.') says += ".";
    return about_agent("config_refused", "installer", says, {{"file", file}, {"problems", told}});
}

store::FindingRecord api_closed(const std::vector<std::string>& addresses, const std::string& why) {
    std::string reason = why;
    while (reason.ends_with('.')) reason.pop_back();
    const std::string says = "The API cannot listen (" + reason + "), so portals cannot reach this agent; only this computer can.";
    return about_agent("api_closed", "", says, {{"addresses", addresses}, {"problem", why}});
}

store::FindingRecord tunnel_down(const std::string& relay, const std::string& step, const std::string& problem, bool replaced) {
    std::string reason = problem;
    while (reason.ends_with('.')) reason.pop_back();
    std::string says =
        "There is no tunnel to the relay " + relay + " (" + step + ": " + reason + "), so portals cannot reach this agent by it.";
    if (replaced) says += " Another computer may have this agent's key.";
    return about_agent("tunnel_down", "", says, {{"relay", relay}, {"step", step}, {"problem", problem}, {"replaced", replaced}});
}

store::FindingRecord enrolment_unusable(const std::string& problem, bool tunnel_up) {
    std::string reason = problem;
    while (reason.ends_with('.')) reason.pop_back();
    const std::string says = "This computer is enrolled at a relay, but the enrolment cannot be used (" + reason + "), so " +
                             (tunnel_up ? "its tunnel lasts only until the agent ends." : "portals cannot reach this agent by a tunnel.");
    return about_agent("tunnel_down", "", says, {{"relay", nullptr}, {"step", "enrolment"}, {"problem", problem}, {"replaced", false}});
}

store::FindingRecord join_failed(const std::string& file, const std::string& problem, bool again) {
    std::string reason = problem;
    while (reason.ends_with('.')) reason.pop_back();
    const std::string says = "This agent has not joined the relay that its installer was given a join code for (" + reason + ")" +
                             (again ? "; it is tried again until the code is of no use any more."
                                    : ", and is not tried again; portals cannot reach this agent by a relay.");
    return about_agent("join_failed", "", says, {{"file", file}, {"problem", problem}, {"tried_again", again}});
}

store::FindingRecord share_login_failed(const std::string& share, const std::string& account, const std::string& why, bool final) {
    std::string reason = why;
    while (reason.ends_with('.')) reason.pop_back();
    const std::string says = "The login to the share " + share + " as " + account + " does not work (" + reason + ")" +
                             (final ? ", and is not tried again so that the account is not locked." : "; it is tried again every minute.");
    return about_agent("share_login_failed", share, says, {{"share", share}, {"account", account}, {"problem", why}, {"given_up", final}});
}

store::FindingRecord store_rebuilt(const std::string& set_aside) {
    const std::string says = "The agent's history was damaged and was set aside as " + set_aside +
                             "; it is being filled again, and what was remembered of the past is gone.";
    return about_agent("store_rebuilt", "", says, {{"set_aside", set_aside}});
}

store::FindingRecord disk_full(const std::string& data_directory) {
    const std::string says =
        "The disk that holds the agent's data directory " + data_directory + " is full; nothing new is kept until there is space.";
    return about_agent("disk_full", "", says, {{"data_directory", data_directory}});
}

std::optional<store::FindingRecord> certificate_expiring(const std::string& subject, store::UnixTime not_after, store::UnixTime now) {
    if (not_after - now >= 30 * day) return std::nullopt;
    const bool past = not_after <= now;
    const std::string says = "The certificate of the API (" + subject + ") " + (past ? "has expired on " : "expires on ") +
                             moment_text(not_after) +
                             (past ? "; portals that check it cannot connect." : "; portals that check it cannot connect afterwards.");
    const bool soon = not_after - now < 7 * day;
    return about_agent("certificate_expiring", "", says, {{"subject", subject}, {"not_after", rfc3339(not_after)}},
                       soon ? std::optional<std::string_view>("critical") : std::nullopt);
}

store::FindingRecord unmanaged_folder(const scan::Discovered& folder, const std::string& customer) {
    const std::string of = customer.empty() ? "" : " of " + customer;
    const std::string says = "The folder " + folder.path + " holds " + count_text(folder.images, "image", "images") + of + " (" +
                             bytes_text(folder.bytes) + ") and is managed by nobody, so its backups are not watched.";
    json evidence = {{"path", folder.path}, {"images", folder.images}, {"bytes", folder.bytes}};
    if (folder.newest_written > 0) evidence["newest_written"] = rfc3339(folder.newest_written);
    return about_agent("unmanaged_folder", store::folder_id(folder.path), says, evidence);
}

std::optional<store::FindingRecord> discovery_incomplete(const std::string& root, const scan::Discovery& discovery) {
    if (discovery.complete && discovery.unreadable.empty()) return std::nullopt;
    std::string why = discovery.complete ? "" : "a limit was reached";
    if (!discovery.unreadable.empty()) {
        why += std::string(why.empty() ? "" : " and ") +
               count_text(discovery.unreadable.size(), "directory could not be read", "directories could not be read");
    }
    std::vector<std::string> some(discovery.unreadable.begin(),
                                  discovery.unreadable.begin() + static_cast<std::ptrdiff_t>(std::min(shown, discovery.unreadable.size())));
    const std::string says = "The search below " + root + " for folders that nobody manages was not complete: " + why + ".";
    return about_agent("discovery_incomplete", store::folder_id(root), says,
                       {{"root", root}, {"limit_reached", !discovery.complete}, {"unreadable", some}});
}

store::FindingRecord diary_unreadable(const std::vector<std::string>& problems) {
    std::string why = problems.empty() ? std::string() : problems.front();
    while (why.ends_with('.')) why.pop_back();
    const std::string says = "What ImageManager logs cannot be read (" + why + "), so failures that it tells of are not noticed.";
    return about_agent("diary_unreadable", "", says, {{"problems", problems}});
}

}  // namespace imc::monitor
