// The tables of the status page and of `imconnector folders|volumes|findings`.
#include "agent/cli/bars.hpp"
#include "agent/cli/exit_code.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/status_page.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <vector>

namespace imc::cli {

using monitor::age_text;
using monitor::bytes_text;
using monitor::count_text;
using nlohmann::json;

namespace {

using Items = std::vector<const json*>;

int alarm(const json& item) {
    return exit_of_severity(text_at(item, "severity"));
}

// What is not well first; otherwise in the order of the list.
Items worst_first(const json& list) {
    Items items;
    for (const auto& item : list) items.push_back(&item);
    std::stable_sort(items.begin(), items.end(), [](const json* a, const json* b) { return alarm(*a) > alarm(*b); });
    return items;
}

// "and 234 more that are well".
std::string remainder(const Items& items, std::size_t shown, Style style) {
    if (shown >= items.size()) return {};
    const auto ill = static_cast<std::size_t>(
        std::count_if(items.begin() + static_cast<std::ptrdiff_t>(shown), items.end(), [](const json* item) { return alarm(*item) > 0; }));
    const std::size_t rest = items.size() - shown;
    const std::string text = ill == 0      ? "and " + std::to_string(rest) + (rest == 1 ? " more that is well" : " more that are well")
                             : ill == rest ? "and " + std::to_string(rest) + " more that are not well"
                                           : "and " + std::to_string(rest) + " more, " + std::to_string(ill) + " of them not well";
    return paragraph(text, style, 2);
}

Cell severity_cell(const json& item) {
    const std::string severity = text_at(item, "severity");
    const bool quiet = severity.empty() || severity == "info";
    return {quiet ? "ok" : alarm(item) > 0 ? upper(severity) : severity, tone_of_severity(quiet ? "ok" : severity)};
}

Cell folder_state(const json& folder, std::int64_t now) {
    const std::string state = text_at(folder, "state");
    if (state == "ok") return {};
    if (state == "pending") return {"not read yet", Tone::warn};
    if (state != "stale") return {state, Tone::warn};
    const auto good = time_at(folder, "last_good_scan");
    const std::string since = good == 0 ? "never read" : "data of " + age_text(now - good) + " ago";
    std::string why = text_at(folder, "error");
    std::replace(why.begin(), why.end(), '_', ' ');
    return {why + ", " + since, Tone::bad};
}

std::string place_of(const json& volume) {
    std::string place;
    for (const char* key : {"customer", "machine", "volume"}) {
        const std::string part = text_at(volume, key);
        if (!part.empty()) place += (place.empty() ? "" : " / ") + part;
    }
    return place;
}

Cell verdict_cell(const json& volume) {
    if (time_at(volume, "vanished") != 0) return {"all gone", Tone::bad};
    const std::string verdict = text_at(volume, "verdict");
    if (flag_at(volume, "data_stale")) return {verdict + " (last known)", Tone::warn};
    return {verdict, tone_of_verdict(verdict)};
}

std::string source_of(const json& folder) {
    std::string source = text_at(folder, "source");
    std::replace(source.begin(), source.end(), '_', ' ');
    return source;
}

}  // namespace

std::string folders_part(const json& folders, const PageOptions& options, std::size_t most) {
    Items items = worst_first(folders);
    // A backup store whose root is well says nothing that its folders do not say.
    if (most < items.size() || !options.full) {
        std::erase_if(
            items, [](const json* f) { return text_at(*f, "type") == "backup_store" && alarm(*f) == 0 && text_at(*f, "state") == "ok"; });
    }
    const std::vector<Column> columns = {{"", false, 0, 0, Cut::end},
                                         {"folder", false, 16, 0, Cut::begin},
                                         {"images", true, 0, 3, Cut::end},
                                         {"size", true, 0, 2, Cut::end},
                                         {"disk", false, 0, options.ids ? 5 : 4, Cut::end},
                                         {"free", true, 0, 0, Cut::end},
                                         {"state", false, 14, 1, Cut::end},
                                         {options.ids ? "source" : "", false, 0, 1, Cut::end},
                                         {"id", false, 0, 0, Cut::end}};
    std::vector<Row> rows;
    for (const json* folder : items) {
        if (rows.size() >= most) break;
        const auto free = number_at(*folder, "free_bytes");
        const std::uint64_t total = count_at(*folder, "total_bytes");
        const std::uint64_t left = count_at(*folder, "free_bytes");
        rows.push_back({severity_cell(*folder),
                        {text_at(*folder, "path")},
                        {std::to_string(count_at(*folder, "images"))},
                        {bytes_text(count_at(*folder, "image_bytes"))},
                        free ? used_bar(total - std::min(total, left), total) : Cell{},
                        {free ? bytes_text(left) : ""},
                        folder_state(*folder, options.now),
                        {options.ids ? source_of(*folder) : ""},
                        {options.ids ? text_at(*folder, "id") : ""}});
    }
    return table(columns, rows, options.style, 2) + remainder(items, rows.size(), options.style);
}

std::string volumes_part(const json& volumes, const PageOptions& options, std::size_t most) {
    const Items items = worst_first(volumes);
    const std::vector<Column> columns = {
        {"", false, 0, 0, Cut::end},      {"volume", false, 14, 0, Cut::begin}, {"age", false, 0, options.ids ? 5 : 3, Cut::end},
        {"newest", true, 0, 0, Cut::end}, {"grace", true, 0, 5, Cut::end},      {"verdict", false, 8, 1, Cut::end},
        {"usage", true, 0, 2, Cut::end},  {"retention", true, 0, 6, Cut::end},  {"id", false, 0, 0, Cut::end}};
    std::vector<Row> rows;
    for (const json* volume : items) {
        if (rows.size() >= most) break;
        const auto age = number_at(*volume, "age_seconds");
        const std::int64_t grace = number_at(*volume, "grace_days").value_or(0);
        rows.push_back({severity_cell(*volume),
                        {place_of(*volume)},
                        age_bar(age, grace),
                        {age ? age_text(*age) : "unknown"},
                        {grace > 0 ? count_text(static_cast<std::uint64_t>(grace), "day", "days") : "none"},
                        verdict_cell(*volume),
                        {bytes_text(count_at(*volume, "usage_bytes"))},
                        {bytes_text(count_at(*volume, "retention_bytes"))},
                        {options.ids ? text_at(*volume, "id") : ""}});
    }
    return table(columns, rows, options.style, 2) + remainder(items, rows.size(), options.style);
}

std::string findings_part(const json& findings, const PageOptions& options, std::size_t most, bool notes) {
    Items items = worst_first(findings);
    const auto info = static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [](const json* f) { return alarm(*f) == 0; }));
    if (!notes) items.resize(items.size() - info);
    std::string out;
    std::size_t shown = 0;
    for (; shown < items.size() && shown < most; ++shown) {
        const json& finding = *items[shown];
        const std::string severity = text_at(finding, "severity");
        out += "  " + options.style.paint(padded(alarm(finding) > 0 ? upper(severity) : severity, 8), tone_of_severity(severity)) + "  " +
               options.style.paint(text_at(finding, "code"), Tone::strong) + "\n";
        out += paragraph(text_at(finding, "says"), options.style, 4);
        out += paragraph("-> " + text_at(finding, "remedy"), options.style, 4);
    }
    if (shown < items.size()) {
        out += paragraph("and " + std::to_string(items.size() - shown) + " more: imconnector findings", options.style, 2);
    }
    return out;
}

}  // namespace imc::cli
