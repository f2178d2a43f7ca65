#include "agent/api/brand.hpp"
#include "agent/cli/fields.hpp"
#include "agent/cli/report_page.hpp"
#include "agent/monitor/words.hpp"

#include <nlohmann/json.hpp>

namespace imc::cli {
namespace {

using api::html_text;
using nlohmann::json;

constexpr std::string_view cell_style = "padding:4px 10px;border-bottom:1px solid #ddd;text-align:";
constexpr std::string_view bad = "#b3261e";
constexpr std::string_view warn = "#8a5a00";
constexpr std::string_view good = "#1b6e3c";

std::string cell(const std::string& text, bool right, std::string_view color = {}, const char* tag = "td") {
    return std::string("<") + tag + " style=\"" + std::string(cell_style) + (right ? "right" : "left") +
           (color.empty() ? std::string() : ";color:" + std::string(color)) + "\">" + html_text(text) + "</" + tag + ">";
}

std::string number(std::uint64_t value, std::string_view color = {}) {
    return cell(value == 0 ? "" : std::to_string(value), true, color);
}

std::string bytes(std::uint64_t value) {
    return cell(value == 0 ? "" : monitor::bytes_text(value), true);
}

std::string row(const std::string& place, const json& counts) {
    return "<tr>" + cell(place, false) + number(count_at(counts, "images_created")) + number(count_at(counts, "images_consolidated")) +
           number(count_at(counts, "images_removed")) + bytes(count_at(counts, "bytes_gained")) + bytes(count_at(counts, "bytes_lost")) +
           number(count_at(counts, "verified"), good) + number(count_at(counts, "damaged"), bad) + number(failures_of(counts), bad) +
           "</tr>\n";
}

std::string_view color_of(const std::string& severity) {
    return severity == "critical" || severity == "error" ? bad : severity == "warning" ? warn : std::string_view("#444");
}

std::string folders_table(const json& report) {
    std::string out = "<table style=\"border-collapse:collapse;width:100%;font-size:14px\">\n<tr>";
    out += cell("Folder", false, {}, "th");
    for (const char* title : {"New", "Consolidated", "Removed", "Gained", "Freed", "Verified", "Damaged", "Failed"}) {
        out += cell(title, true, {}, "th");
    }
    out += "</tr>\n";
    for (const auto& folder : list_at(report, "folders")) {
        std::string place = text_at(folder, "path");
        const std::string customer = text_at(folder, "customer");
        if (place.empty()) place = "(no folder)";
        out += row(customer.empty() ? place : customer + ": " + place, folder);
    }
    return out + row("All", list_at(report, "totals")) + "</table>\n";
}

std::string item(const std::string& head, std::string_view color, const std::string& text) {
    return "<p style=\"margin:10px 0 0\"><b style=\"color:" + std::string(color) + "\">" + html_text(head) + "</b><br>" + html_text(text) +
           "</p>\n";
}

std::string title(const char* text) {
    return std::string("<h2 style=\"font-size:16px;margin:24px 0 4px\">") + text + "</h2>\n";
}

std::string entries(const json& report) {
    const auto& list = list_at(report, "entries");
    if (list.empty()) return {};
    std::string out = title("What ImageManager told");
    for (const auto& entry : list) {
        const auto id = count_at(entry, "event_id");
        const auto severity = text_at(entry, "severity");
        out += item(text_at(entry, "at") + " " + severity + ", " + text_at(entry, "source") + (id != 0 ? " " + std::to_string(id) : ""),
                    color_of(severity), text_at(entry, "text"));
    }
    return out;
}

std::string findings(const json& report) {
    const auto& list = list_at(report, "findings");
    if (list.empty()) return {};
    std::string out = title("Findings that began or ended");
    for (const auto& finding : list) {
        const bool closed = time_at(finding, "closed") != 0;
        const auto severity = text_at(finding, "severity");
        out += item((closed ? "Ended: " : "Began: ") + text_at(finding, "code") + " (" + severity + ")", closed ? good : color_of(severity),
                    text_at(finding, "says") + (closed ? "" : " " + text_at(finding, "remedy")));
    }
    return out;
}

}  // namespace

std::string report_html(const json& report, const json& agent, const config::Brand& brand) {
    const std::string host = text_at(agent, "host");
    const std::string head = brand.product + ": " + host + ", " + text_at(report, "date");
    const std::string color = brand.color.empty() ? "#1a4d6e" : brand.color;
    const json& open = list_at(report, "open");
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + html_text(head) + "</title></head>\n";
    out += "<body style=\"font-family:Segoe UI,Helvetica,Arial,sans-serif;color:#222;max-width:960px;margin:0 auto;padding:16px\">\n";
    out += "<h1 style=\"font-size:20px;margin:0 0 4px;color:" + html_text(color) + "\">" + html_text(head) + "</h1>\n";
    out += "<p style=\"margin:0 0 16px\">Open now: " + std::to_string(count_at(open, "critical")) + " critical, " +
           std::to_string(count_at(open, "warning")) + " warnings.</p>\n";
    out += list_at(report, "folders").empty() ? std::string("<p>Nothing happened.</p>\n") : folders_table(report);
    out += entries(report) + findings(report);
    if (!brand.support.empty()) out += "<p style=\"margin-top:24px;color:#555\">" + html_text(brand.support) + "</p>\n";
    return out + "</body></html>\n";
}

}  // namespace imc::cli
