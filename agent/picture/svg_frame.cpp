#include "agent/picture/svg_frame.hpp"

#include "agent/monitor/words.hpp"
#include "agent/picture/axis.hpp"
#include "agent/picture/svg_text.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace imc::picture {
namespace {

constexpr double margin = 10;
constexpr double wide_letter = 9;     // of the heading
constexpr double letter = 6.6;        // of text, on the safe side
constexpr double small_letter = 6.1;  // of muted text

std::string text_at(double x, double y, std::string_view words, std::string_view more = {}) {
    return "<text" + attribute("x", x) + attribute("y", y) + std::string(more) + ">" + xml(words) + "</text>";
}

std::size_t letters(double room, double each) {
    return static_cast<std::size_t>(std::max(8.0, room / each));
}

// At most so many characters; the end goes.
std::string cut(const std::string& text, std::size_t most) {
    std::size_t seen = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) continue;
        if (++seen == most && at + 1 < text.size()) return text.substr(0, at) + "\xE2\x80\xA6";
    }
    return text;
}

std::string verdicts_sentence(const View& view) {
    std::array<std::uint64_t, 4> numbers{};
    for (const auto& point : view.chain.points) ++numbers[static_cast<std::size_t>(point.verdict)];
    std::string text = monitor::count_text(view.chain.points.size(), "restore point", "restore points");
    std::string_view before = ": ";
    for (std::size_t verdict = numbers.size(); verdict-- > 0;) {
        if (numbers[verdict] == 0) continue;
        text += std::string(before) + std::to_string(numbers[verdict]) + " " +
                std::string(spchain::to_string(static_cast<spchain::Verdict>(verdict)));
        before = ", ";
    }
    return text + ".";
}

// " Missing: C_VOL-b001-i004.spi and 3 more." Empty: nothing is.
std::string missing_sentence(const View& view) {
    if (view.missing.empty()) return {};
    std::uint64_t files = 0;
    for (const auto& file : view.missing) files += file.count;
    std::string text = " Missing: " + view.missing.front().name;
    if (files > 1) text += " and " + std::to_string(files - 1) + " more";
    return text + ".";
}

}  // namespace

Frame frame_of(const SvgOptions& options) {
    Frame frame;
    frame.width = std::clamp(options.width, narrowest_svg, widest_svg);
    frame.narrow = frame.width < 560;
    frame.left = frame.narrow ? 90 : 136;
    frame.room = frame.width - frame.left - 16;
    return frame;
}

std::string point_sentence(const View& view, std::int32_t at) {
    const auto& point = view.chain.points[static_cast<std::size_t>(at)];
    std::string text = spchain::to_string(view.chain.base, point.point);
    if (point.written != spchain::no_time) text += " (" + monitor::moment_text(point.written) + ")";
    text += ": " + std::string(spchain::to_string(point.verdict));
    if (point.verdict == spchain::Verdict::broken) return text;
    return text + ", restored by " + monitor::count_text(point.restore_files, "file", "files") + ", " +
           monitor::bytes_text(point.restore_bytes);
}

std::string heading_part(const View& view, const Frame& frame, double& y) {
    const std::string title = std::string(view.volume) + " " + spchain::to_string(view.chain.base, {});
    y += 16;
    std::string out = text_at(margin, y, cut(title, letters(frame.width - 2 * margin, wide_letter)), " class=\"h\"");
    std::string told = verdicts_sentence(view);
    if (view.chosen >= 0) told = point_sentence(view, view.chosen) + ". " + told;
    told += missing_sentence(view);
    std::istringstream lines(monitor::wrapped(told, letters(frame.width - 2 * margin, letter), 0));
    for (std::string line; std::getline(lines, line);) {
        y += 17;
        out += text_at(margin, y, line);
    }
    y += 10;
    return out;
}

std::string axis_part(const View& view, const Frame& frame, Axis axis, double top, double& y) {
    const auto ticks = ticks_of(view.geometry, axis, (frame.narrow ? 84.0 : 96.0) / frame.room);
    std::string grid;
    std::string labels;
    bool two = false;
    for (const auto& tick : ticks) {
        const double x = frame.left + tick.at * frame.room;
        grid += 'M';
        put(grid, x);
        grid += ' ';
        put(grid, top);
        grid += 'V';
        put(grid, y + 5);
        // Labels stay inside the picture.
        const double half = small_letter / 2 * static_cast<double>(std::max(tick.label.size(), tick.below.size()));
        const double at = std::clamp(x, margin + half, std::max(margin + half, frame.width - 4 - half));
        labels += text_at(at, y + 16, tick.label, " class=\"t\"");
        if (!tick.below.empty()) labels += text_at(at, y + 29, tick.below, " class=\"t\"");
        two = two || !tick.below.empty();
    }
    if (ticks.empty()) return {};
    y += two ? 36 : 23;
    return "<path class=\"grid\" d=\"" + grid + "\"/><g text-anchor=\"middle\">" + labels + "</g>";
}

std::string legend_part(const std::vector<LegendItem>& items, const Frame& frame, double& y) {
    std::string out;
    double x = margin;
    double line = y + 6;
    for (const auto& item : items) {
        const double wide = 26 + small_letter * static_cast<double>(item.text.size()) + 14;
        if (x > margin && x + wide > frame.width) {
            x = margin;
            line += 19;
        }
        out += "<g transform=\"translate(" + number_text(x) + " " + number_text(line) + ")\">" + item.shape +
               text_at(26, 10, item.text, " class=\"t\"") + "</g>";
        x += wide;
    }
    y = items.empty() ? y : line + 20;
    return out;
}

std::string description_of(const View& view, const Layout& layout) {
    std::uint64_t orphans = 0;
    for (const auto& image : view.chain.images) orphans += image.state == spchain::State::orphan ? 1 : 0;
    std::string text = monitor::count_text(view.chain.images.size(), "image", "images") + " on " +
                       monitor::count_text(layout.lanes.size(), "lane", "lanes") + ", each a bar from its tail to its head. " +
                       verdicts_sentence(view);
    if (view.chosen >= 0) text += " The outlined files give back " + point_sentence(view, view.chosen) + ".";
    text += missing_sentence(view);
    if (orphans > 0) text += " " + monitor::count_text(orphans, "image hangs", "images hang") + " in the air.";
    return text;
}

}  // namespace imc::picture
