#include "agent/cli/simulate_page.hpp"

#include "agent/cli/fields.hpp"
#include "agent/cli/table.hpp"
#include "agent/monitor/words.hpp"
#include "spchain/folder.hpp"

#include <algorithm>

namespace imc::cli {

using nlohmann::json;

namespace {

constexpr std::size_t most_rows = 20;

std::string more(std::size_t all) {
    return all > most_rows ? "  ... and " + std::to_string(all - most_rows) + " more\n" : "";
}

std::string files_part(const json& files, const char* title, Style style) {
    if (files.empty()) return {};
    std::vector<Row> rows;
    for (std::size_t k = 0; k < std::min(files.size(), most_rows); ++k) {
        rows.push_back({{text_at(files[k], "name")}, {monitor::bytes_text(count_at(files[k], "bytes"))}});
    }
    return "\n" + style.paint(title, Tone::strong) + "\n" +
           table({{"", false, 16, 0, Cut::begin}, {"", true, 0, 1, Cut::end}}, rows, style, 2) + more(files.size());
}

std::string points_part(const json& points, Style style) {
    if (points.empty()) return {};
    std::vector<Row> rows;
    for (std::size_t k = 0; k < std::min(points.size(), most_rows); ++k) {
        const auto after = text_at(points[k], "after");
        const auto written = time_at(points[k], "written");
        rows.push_back({{text_at(points[k], "point")},
                        {written == 0 ? "" : monitor::moment_text(written)},
                        {text_at(points[k], "before")},
                        {after, tone_of_verdict(after)}});
    }
    return "\n" + style.paint("Points of which less could be said", Tone::strong) + "\n" +
           table({{"point", false, 8, 0, Cut::begin},
                  {"written", false, 0, 1, Cut::end},
                  {"now", false, 0, 0, Cut::end},
                  {"would be", false, 0, 0, Cut::end}},
                 rows, style, 2) +
           more(points.size());
}

}  // namespace

std::string simulate_page(const json& answer, Style style) {
    const auto base = spchain::to_string(static_cast<std::uint32_t>(count_at(answer, "base")), {});
    std::string out = style.paint(fit(text_at(answer, "volume") + " " + base, style.width), Tone::strong) + "\n";
    for (const auto& sentence : list_at(answer, "says")) {
        if (sentence.is_string()) out += paragraph(visible(sentence.get<std::string>()), style, 0);
    }
    const bool lost = text_at(answer, "question") == "lose";
    out += files_part(list_at(answer, "files"), lost ? "Files that would be lost" : "Files that would go", style);
    out += points_part(list_at(answer, "points"), style);
    out += files_part(list_at(answer, "stranded"), "Files that would lie there for nothing", style);
    return out;
}

}  // namespace imc::cli
