#include "agent/cli/status_page.hpp"

#include "agent/cli/exit_code.hpp"
#include "agent/cli/fields.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace imc::cli {

using monitor::age_text;
using monitor::bytes_text;
using monitor::count_text;
using nlohmann::json;

namespace {

constexpr std::size_t few_folders = 8;
constexpr std::size_t few_volumes = 15;
constexpr std::size_t few_findings = 5;
constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

std::uint64_t sum(const json& list, const char* key) {
    std::uint64_t total = 0;
    for (const auto& item : list) total += count_at(item, key);
    return total;
}

std::uint64_t number_of(const json& findings, std::string_view severity) {
    std::uint64_t number = 0;
    for (const auto& finding : findings) number += text_at(finding, "severity") == severity ? 1U : 0U;
    return number;
}

// The word that says it all, and how it looks.
std::pair<std::string, Tone> health_word(const json& document) {
    if (!flag_at(document, "running")) return {"NOT RUNNING", Tone::bad};
    const std::string health = text_at(document, "health");
    if (text_at(list_at(document, "agent"), "state") != "running") return {"STARTING", Tone::warn};
    return {upper(health), tone_of_severity(health)};
}

std::string last_scan(const json& agent, std::int64_t now) {
    const json& scan = list_at(agent, "last_scan");
    std::string text;
    if (const auto finished = time_at(scan, "finished")) text = ", last scan " + age_text(now - finished) + " ago";
    if (const auto scanning = count_at(scan, "folders_scanning")) text += ", reading " + count_text(scanning, "folder", "folders") + " now";
    return text;
}

std::string headline(const json& document, const PageOptions& options) {
    const auto [word, tone] = health_word(document);
    const json& agent = list_at(document, "agent");
    std::string rest;
    if (flag_at(document, "running")) {
        rest = "  " + text_at(agent, "host") + "  imconnector " + text_at(agent, "version") + ", up " +
               age_text(number_at(agent, "uptime_seconds").value_or(0)) + last_scan(agent, options.now);
    } else {
        std::int64_t newest = 0;
        for (const auto& folder : list_at(document, "folders")) newest = std::max(newest, time_at(folder, "last_good_scan"));
        rest = newest == 0 ? "  nothing is known" : "  last known data, of " + age_text(options.now - newest) + " ago";
    }
    const std::size_t room = options.style.width - std::min(options.style.width, word.size());
    return options.style.paint(word, tone) + fit(rest, room) + "\n";
}

std::string counts(const json& document, const PageOptions& options) {
    const json& findings = list_at(document, "findings");
    const json& folders = list_at(document, "folders");
    std::string text;
    const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
    if (const auto critical = number_of(findings, "critical")) add(std::to_string(critical) + " critical");
    if (const auto warning = number_of(findings, "warning")) add(count_text(warning, "warning", "warnings"));
    if (const auto info = number_of(findings, "info")) add(count_text(info, "note", "notes"));
    if (text.empty()) text = flag_at(document, "running") ? "no findings" : "no findings were open";
    text += ";";
    text += " " + count_text(folders.size(), "folder", "folders") + ", " +
            count_text(list_at(document, "volumes").size(), "volume", "volumes") + ", " +
            count_text(sum(folders, "images"), "image", "images") + ", " + bytes_text(sum(folders, "image_bytes"));
    return paragraph(text, options.style, 0);
}

std::string title(const std::string& text, Style style) {
    return "\n" + style.paint(text, Tone::strong) + "\n";
}

// ImageManager itself, where there is anything to say of it.
std::string imagemanager_line(const json& agent) {
    const json& known = list_at(agent, "imagemanager");
    const json& database = list_at(known, "database");
    const std::string state = text_at(database, "state");
    if (state != "ok" && state != "unreadable") return {};
    std::string text = "ImageManager";
    if (const std::string version = text_at(known, "version"); !version.empty()) text += " " + version;
    if (const std::string service = text_at(known, "service_state"); !service.empty()) text += ", service " + service;
    text += ", " + count_text(count_at(known, "folders"), "managed folder", "managed folders");
    if (state == "unreadable") text += ", its records cannot be read";
    const json& targets = list_at(known, "targets");
    const std::uint64_t queued = sum(targets, "queued");
    if (!targets.empty()) text += ", " + (queued == 0 ? "nothing" : count_text(queued, "image", "images")) + " waiting for replication";
    return text;
}

// The tunnel to the relay, where this agent is enrolled at one.
std::string tunnel_line(const json& agent, std::int64_t now) {
    const json& tunnel = list_at(agent, "tunnel");
    const std::string state = text_at(tunnel, "state");
    if (state.empty()) return {};
    if (state == "unusable") return "Tunnel: the enrolment cannot be used: " + text_at(tunnel, "problem");
    const std::string relay = text_at(tunnel, "relay");
    const auto since = time_at(tunnel, "since");
    const std::string lasted = since == 0 ? "" : " for " + monitor::age_text(std::max<std::int64_t>(0, now - since));
    if (state == "connected") {
        const std::string between = text_at(tunnel, "intercepted_by");
        return "Tunnel to " + relay + lasted + (between.empty() ? "" : "; the TLS is opened by " + between);
    }
    const std::string problem = text_at(tunnel, "problem");
    return "NO TUNNEL to " + relay + lasted + (problem.empty() ? "" : ", " + text_at(tunnel, "step") + ": " + problem) +
           "; imconnector shuttle status says more";
}

std::string footer(const json& agent, Style style, std::int64_t now) {
    std::string out;
    if (const std::string line = tunnel_line(agent, now); !line.empty()) out += paragraph(line, style, 0);
    if (const std::string line = imagemanager_line(agent); !line.empty()) out += paragraph(line, style, 0);
    if (const auto unmanaged = count_at(list_at(agent, "counts"), "unmanaged_folders")) {
        out += paragraph(count_text(unmanaged, "folder holds images and is", "folders hold images and are") +
                             " managed by nobody: imconnector unmanaged",
                         style, 0);
    }
    const std::string problem = text_at(list_at(agent, "config"), "problem");
    if (!problem.empty()) out += paragraph("The changed configuration was refused: " + problem, style, 0);
    std::string place;
    const json& listening = list_at(agent, "listening");
    if (!listening.empty() && listening.front().is_string()) place = "https://" + visible(listening.front().get<std::string>());
    const std::string sha256 = text_at(list_at(agent, "certificate"), "sha256");
    if (!sha256.empty())
        place += (place.empty() ? "" : ", ") + std::string("certificate SHA-256 ..") +
                 sha256.substr(sha256.size() - std::min<std::size_t>(sha256.size(), 23));
    if (!place.empty()) out += paragraph(place, style, 0);
    return out.empty() ? out : "\n" + out;
}

}  // namespace

std::string status_page(const json& document, const PageOptions& given) {
    PageOptions options = given;
    const json& agent = list_at(document, "agent");
    if (const auto now = time_at(agent, "now")) options.now = now;
    const auto most = [&options](std::size_t few) { return options.full ? everything : few; };
    const json& folders = list_at(document, "folders");
    const json& volumes = list_at(document, "volumes");
    const json& findings = list_at(document, "findings");
    std::string out = headline(document, options) + counts(document, options);
    if (folders.empty() && flag_at(document, "running")) {
        out += paragraph("No folder is managed, so nothing is watched: add [[folder]] to the configuration, or imconnector adopt PATH.",
                         options.style, 0);
    }
    if (!folders.empty()) out += title("Folders", options.style) + folders_part(folders, options, most(few_folders));
    if (!volumes.empty()) out += title("Volumes", options.style) + volumes_part(volumes, options, most(few_volumes));
    const std::string told = findings_part(findings, options, most(few_findings), options.full);
    if (!told.empty()) out += title("Findings", options.style) + told;
    return out + footer(agent, options.style, options.now);
}

}  // namespace imc::cli
