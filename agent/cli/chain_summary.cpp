#include "agent/cli/chain_text.hpp"
#include "agent/cli/table.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <array>

namespace imc::cli {

using monitor::bytes_text;
using monitor::count_text;

namespace {

std::string points_line(const ChainView& view, Style style) {
    std::array<std::uint64_t, 4> numbers{};
    std::uint64_t bytes = 0;
    for (const auto& point : view.chain.points) ++numbers[static_cast<std::size_t>(point.verdict)];
    for (const auto& image : view.chain.images) bytes += image.bytes;
    std::string text = count_text(view.chain.images.size(), "image", "images") + ", " + bytes_text(bytes) + "; " +
                       count_text(view.chain.points.size(), "restore point", "restore points");
    for (std::size_t verdict = numbers.size(); verdict-- > 0;) {
        if (numbers[verdict] == 0) continue;
        text += (verdict == 3 || text.find(':') == std::string::npos ? ": " : ", ") + std::to_string(numbers[verdict]) + " " +
                std::string(spchain::to_string(static_cast<spchain::Verdict>(verdict)));
    }
    return paragraph(text, style, 0);
}

std::string point_text(const ChainView& view, const spchain::PointState& point) {
    std::string text = spchain::to_string(view.chain.base, point.point);
    if (point.written != spchain::no_time) text += " (" + monitor::moment_text(point.written) + ")";
    text += ": " + std::string(spchain::to_string(point.verdict));
    if (point.verdict == spchain::Verdict::broken) return text;
    return text + ", restored by " + count_text(point.restore_files, "file", "files") + ", " + bytes_text(point.restore_bytes);
}

std::string chosen_line(const ChainView& view, Style style) {
    const auto& chosen = view.chosen_point();
    std::string out = paragraph(point_text(view, chosen), style, 0);
    if (chosen.verdict != spchain::Verdict::broken) return out;
    for (auto at = static_cast<std::size_t>(view.chosen); at-- > 0;) {
        if (view.chain.points[at].verdict == spchain::Verdict::broken) continue;
        return out + paragraph("Before it, " + point_text(view, view.chain.points[at]), style, 0);
    }
    return out + paragraph("No point before it can be restored.", style, 0);
}

}  // namespace

std::string chain_summary(const ChainView& view, Style style) {
    std::string out = style.paint(fit(view.volume + " " + spchain::to_string(view.chain.base, {}), style.width), Tone::strong) + "\n";
    out += points_line(view, style);
    if (view.chosen < 0) return out;
    return out + chosen_line(view, style);
}

std::string restore_set_part(const ChainView& view, Style style, std::size_t most) {
    if (view.set.empty()) return {};
    std::vector<Row> rows;
    for (const auto at : view.set) {
        if (rows.size() >= most) break;
        rows.push_back({{view.entries[at].name}, {bytes_text(view.chain.images[at].bytes)}});
    }
    std::string out = style.paint("Restore set", Tone::strong) + "\n" +
                      table({{"", false, 16, 0, Cut::begin}, {"", true, 0, 1, Cut::end}}, rows, style, 2);
    if (view.set.size() > rows.size()) out += "  ... and " + std::to_string(view.set.size() - rows.size()) + " more\n";
    return out;
}

}  // namespace imc::cli
