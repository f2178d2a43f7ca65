#include "agent/cli/report_page.hpp"

#include "agent/cli/fields.hpp"
#include "agent/cli/table.hpp"
#include "agent/monitor/words.hpp"

namespace imc::cli {
namespace {

using nlohmann::json;

Cell number(std::uint64_t value, Tone tone = Tone::plain) {
    return {value == 0 ? std::string() : std::to_string(value), value == 0 ? Tone::plain : tone};
}

Cell bytes(std::uint64_t value) {
    return {value == 0 ? std::string() : monitor::bytes_text(value)};
}

std::string place_of(const json& folder) {
    const std::string path = text_at(folder, "path");
    return path.empty() ? "(no folder)" : path;
}

Row row_of(const std::string& place, const json& counts) {
    return {{place},
            number(count_at(counts, "images_created")),
            number(count_at(counts, "images_consolidated")),
            number(count_at(counts, "images_removed")),
            bytes(count_at(counts, "bytes_gained")),
            bytes(count_at(counts, "bytes_lost")),
            number(count_at(counts, "verified"), Tone::good),
            number(count_at(counts, "damaged"), Tone::bad),
            number(failures_of(counts), Tone::bad)};
}

std::string entries_part(const json& report, Style style) {
    std::string out;
    for (const auto& entry : list_at(report, "entries")) {
        const auto severity = text_at(entry, "severity");
        const std::string when = text_at(entry, "at").substr(0, 16);
        const auto id = count_at(entry, "event_id");
        const std::string head = when + "  " + severity + "  " + text_at(entry, "source") + (id != 0 ? " " + std::to_string(id) : "");
        out +=
            "  " + style.paint(fit(head, style.width - 2), severity == "critical" || severity == "error" ? Tone::bad : Tone::warn) + "\n";
        out += paragraph(text_at(entry, "text"), style, 4);
    }
    return out;
}

std::string findings_part(const json& report, Style style) {
    std::string out;
    for (const auto& finding : list_at(report, "findings")) {
        const bool closed = time_at(finding, "closed") != 0;
        const auto severity = text_at(finding, "severity");
        out += "  " + style.paint(closed ? "ended" : "began", closed ? Tone::good : tone_of_severity(severity)) + "  " + severity + "  " +
               text_at(finding, "code") + "\n" + paragraph(text_at(finding, "says"), style, 4);
    }
    return out;
}

}  // namespace

std::uint64_t failures_of(const json& counts) {
    std::uint64_t sum = count_at(list_at(counts, "backups"), "failed");
    const json& manager = list_at(counts, "imagemanager");
    for (const char* what : {"failed", "verification_failed", "incomplete_chains", "replication_failed", "headstart_failed",
                             "file_systems_bad", "test_boots_failed"}) {
        sum += count_at(manager, what);
    }
    return sum;
}

std::string report_page(const json& report, Style style) {
    const std::vector<Column> columns = {
        {"folder", false, 16, 0, Cut::begin}, {"new", true, 0, 0, Cut::end},     {"consolidated", true, 0, 1, Cut::end},
        {"removed", true, 0, 2, Cut::end},    {"gained", true, 0, 3, Cut::end},  {"freed", true, 0, 4, Cut::end},
        {"verified", true, 0, 5, Cut::end},   {"damaged", true, 0, 0, Cut::end}, {"failed", true, 0, 0, Cut::end}};
    std::vector<Row> rows;
    for (const auto& folder : list_at(report, "folders")) rows.push_back(row_of(place_of(folder), folder));
    if (rows.size() > 1) rows.push_back(row_of("all", list_at(report, "totals")));
    std::string out = style.paint("Report of " + text_at(report, "date"), Tone::strong) + "\n\n";
    out += rows.empty() ? "  Nothing happened.\n" : table(columns, rows, style, 2);
    const auto entries = entries_part(report, style);
    if (!entries.empty()) out += "\n" + style.paint("What ImageManager told", Tone::strong) + "\n" + entries;
    const auto findings = findings_part(report, style);
    if (!findings.empty()) out += "\n" + style.paint("Findings", Tone::strong) + "\n" + findings;
    return out;
}

std::string logs_page(const json& logs, Style style) {
    const std::vector<Column> columns = {{"log", false, 16, 0, Cut::begin},
                                         {"kind", false, 0, 2, Cut::end},
                                         {"size", true, 0, 1, Cut::end},
                                         {"written", false, 0, 3, Cut::end},
                                         {"id", false, 0, 0, Cut::end}};
    std::vector<Row> rows;
    for (const auto& log : list_at(logs, "items")) {
        rows.push_back({{text_at(log, "name")},
                        {text_at(log, "kind")},
                        {monitor::bytes_text(count_at(log, "bytes"))},
                        {text_at(log, "written").substr(0, 16)},
                        {text_at(log, "id")}});
    }
    return rows.empty() ? std::string() : table(columns, rows, style, 0);
}

}  // namespace imc::cli
