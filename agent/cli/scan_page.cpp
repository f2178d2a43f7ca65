#include "agent/cli/scan_page.hpp"

#include "agent/api/views.hpp"
#include "agent/cli/status_page.hpp"
#include "agent/cli/table.hpp"
#include "agent/monitor/evaluate.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace imc::cli {

using monitor::bytes_text;
using monitor::count_text;

namespace {

std::string head(const DirectoryScan& scan, Style style) {
    const auto& report = scan.report;
    std::string text = count_text(report.volumes.size(), "volume", "volumes") + ", " + count_text(report.images, "image", "images") + " (" +
                       bytes_text(report.image_bytes) + "), " + count_text(report.companions, "companion", "companions") + ", " +
                       count_text(report.foreign, "other file", "other files");
    if (report.settling > 0) text += ", " + count_text(report.settling, "image", "images") + " still being written";
    if (scan.look.incrementals_bytes > 0) text += ", " + bytes_text(scan.look.incrementals_bytes) + " under Incrementals";
    if (scan.look.space_known) {
        text += ", " + bytes_text(scan.look.space.free_bytes) + " of " + bytes_text(scan.look.space.total_bytes) + " free";
    }
    return style.paint(fit(visible(scan.path), style.width, Cut::begin), Tone::strong) + "\n" + paragraph(text, style, 2);
}

// "1204: 1200 certain, 4 broken"; worst last, as it is read last.
std::string points_text(const spchain::Chain& chain) {
    std::array<std::uint64_t, 4> numbers{};
    for (const auto& point : chain.points) ++numbers[static_cast<std::size_t>(point.verdict)];
    std::string text;
    for (std::size_t verdict = numbers.size(); verdict-- > 0;) {
        if (numbers[verdict] == 0) continue;
        text += (text.empty() ? "" : ", ") + std::to_string(numbers[verdict]) + " " +
                std::string(spchain::to_string(static_cast<spchain::Verdict>(verdict)));
    }
    return text.empty() ? "none" : text;
}

std::string age_of(spchain::UnixTime written, std::int64_t now) {
    if (written == spchain::no_time || written == 0) return "unknown";
    return written > now + 86'400 ? "in the future" : monitor::age_text(now - written);
}

Row chain_row(const spchain::Chain& chain, std::int64_t now) {
    Row row = {{spchain::to_string(chain.base, {})}, {std::to_string(chain.images.size())}, {points_text(chain)}};
    if (chain.newest < 0) {
        row.insert(row.end(), {{"none"}, {""}, {"broken", Tone::bad}});
    } else {
        const auto& newest = chain.points[static_cast<std::size_t>(chain.newest)];
        const auto verdict = spchain::to_string(newest.verdict);
        row.insert(row.end(), {{spchain::to_string(chain.base, newest.point)},
                               {age_of(newest.written, now)},
                               {std::string(verdict), tone_of_verdict(verdict)}});
    }
    row.push_back({bytes_text(chain.usage_bytes)});
    row.push_back({bytes_text(chain.retention_bytes)});
    return row;
}

std::string volume_part(const spchain::Volume& volume, std::int64_t now, Style style) {
    const std::vector<Column> columns = {{"chain", false, 0, 0, Cut::end},   {"images", true, 0, 3, Cut::end},
                                         {"points", false, 10, 4, Cut::end}, {"newest", false, 0, 0, Cut::end},
                                         {"age", true, 0, 1, Cut::end},      {"verdict", false, 0, 0, Cut::end},
                                         {"usage", true, 0, 2, Cut::end},    {"retention", true, 0, 5, Cut::end}};
    std::vector<Row> rows;
    for (auto chain = volume.chains.rbegin(); chain != volume.chains.rend(); ++chain) rows.push_back(chain_row(*chain, now));
    return "\n" + style.paint(fit(visible(volume.name), style.width), Tone::strong) + "\n" + table(columns, rows, style, 2);
}

std::string last_line(const std::vector<store::FindingRecord>& all, Style style) {
    const auto number = [&all](std::string_view severity) {
        return static_cast<std::uint64_t>(
            std::count_if(all.begin(), all.end(), [severity](const auto& f) { return f.severity == severity; }));
    };
    const std::string worst = monitor::health_of(all);
    std::string text;
    if (const auto critical = number("critical")) text += ": " + std::to_string(critical) + " critical";
    if (const auto warnings = number("warning")) text += (text.empty() ? ": " : ", ") + count_text(warnings, "warning", "warnings");
    return "\n" + style.paint(upper(worst) + text, tone_of_severity(worst)) + "\n";
}

}  // namespace

std::string scan_page(const DirectoryScan& scan, Style style) {
    std::string out = head(scan, style);
    for (const auto& volume : scan.report.volumes) out += volume_part(volume, scan.at, style);
    std::vector<store::FindingRecord> all;
    for (const auto& [volume, some] : scan.findings) all.insert(all.end(), some.begin(), some.end());
    auto list = nlohmann::json::array();
    for (const auto& finding : all) list.push_back(api::finding_json(finding));
    const PageOptions options{style, true, false, scan.at};
    const std::string told = findings_part(list, options, std::numeric_limits<std::size_t>::max(), true);
    if (!told.empty()) out += "\n" + style.paint("Findings", Tone::strong) + "\n" + told;
    return out + last_line(all, style);
}

}  // namespace imc::cli
