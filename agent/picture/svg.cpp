#include "agent/picture/svg.hpp"

#include "agent/monitor/words.hpp"
#include "agent/picture/layout.hpp"
#include "agent/picture/svg_frame.hpp"
#include "agent/picture/svg_style.hpp"
#include "agent/picture/svg_text.hpp"
#include "agent/picture/svg_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace imc::picture {
namespace {

using monitor::bytes_text;
using monitor::count_text;
using spchain::Verdict;

constexpr double lane_height = 20;
constexpr double lane_step = 27;
constexpr double strip_height = 20;
constexpr double blast_height = 44;
constexpr double wide_enough = 9;  // pixels: narrower bars get no title of their own

// What shapes of one look have in common: they are one path where they need no titles.
std::string class_of(const Block& block) {
    static constexpr std::array<std::string_view, 7> words = {"", "i", "s", "d", "o", "x", "m"};
    const std::string lane = "k" + std::to_string(static_cast<int>(block.lane));
    if (block.look == Look::known) return lane;
    const std::string word(words[static_cast<std::size_t>(block.look)]);
    return block.look == Look::inferred ? lane + " " + word : word;
}

class Drawing {
public:
    Drawing(const View& view, const SvgOptions& options) : view_(view), options_(options), frame_(frame_of(options)) {
        LayoutOptions layout;
        layout.axis = options.axis;
        layout.columns = frame_.room;
        layout.blast = options.blast;
        layout_ = layout_of(view, layout);
        stub_ = layout.stub;
    }

    std::string run() {
        double y = 8;
        std::string heading = heading_part(view_, frame_, y);
        top_ = y;
        lanes(y);
        strip(y);
        if (options_.blast) blast(y);
        const std::string axis = axis_part(view_, frame_, options_.axis, top_, y);
        const std::string legend = legend_part(legend_items(), frame_, y);
        y += 4;
        std::string out = opening(y);
        // The grid lies under the bars, the restore set over them.
        out += heading + axis + body_ + over_ + legend + "</svg>\n";
        return out;
    }

private:
    std::string opening(double height) const {
        const std::string size = number_text(frame_.width) + "\" height=\"" + number_text(height);
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " + number_text(frame_.width) + " " +
               number_text(height) + "\" role=\"img\" aria-labelledby=\"chain-title chain-text\">" + "<title id=\"chain-title\">" +
               xml(std::string(view_.volume) + " " + spchain::to_string(view_.chain.base, {})) + "</title><desc id=\"chain-text\">" +
               xml(description_of(view_, layout_)) + "</desc>" + style_sheet(options_.theme) +
               "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>";
    }

    [[nodiscard]] std::string label(double y, std::string_view words, std::uint64_t count) const {
        std::string out = "<text class=\"l\"" + attribute("x", 10) + attribute("y", y) + ">" + std::string(words) + "</text>";
        if (count == 0 || frame_.narrow) return out;
        return out + "<text class=\"t\" text-anchor=\"end\"" + attribute("x", frame_.left - stub_ - 7) + attribute("y", y) + ">" +
               grouped(count) + "</text>";
    }

    // Titles cost bytes: bars that tell something first, then the widest, as many as the width allows.
    void choose_titled() {
        std::vector<std::uint32_t> order;
        for (std::uint32_t k = 0; k < layout_.blocks.size(); ++k) {
            const auto& block = layout_.blocks[k];
            if (block.to - block.from >= wide_enough || block.look >= Look::doubtful || block.lane == Lane::full) order.push_back(k);
        }
        const auto weight = [this](std::uint32_t k) {
            const auto& block = layout_.blocks[k];
            return (block.look >= Look::doubtful ? 1e6 : 0) + (block.in_set ? 1e4 : 0) + block.to - block.from;
        };
        const auto most = std::min(order.size(), static_cast<std::size_t>(frame_.width / 12) + 12);
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(most), order.end(),
                          [&](std::uint32_t a, std::uint32_t b) {
                              const double x = weight(a), y = weight(b);
                              return x != y ? x > y : a < b;
                          });
        titled_.assign(layout_.blocks.size(), 0);
        for (std::size_t k = 0; k < most; ++k) titled_[order[k]] = 1;
    }

    void lanes(double& y) {
        choose_titled();
        std::size_t at = 0;
        for (const auto& lane : layout_.lanes) {
            tops_[lane.lane] = {y, lane.rows};
            std::string title =
                std::string(to_string(lane.lane)) + ": " + count_text(lane.images, "image", "images") + ", " + bytes_text(lane.bytes);
            if (lane.missing > 0) title += ", " + std::to_string(lane.missing) + " missing";
            body_ += "<g><title>" + title + "</title>" + label(y + 14, to_string(lane.lane), lane.images);
            std::map<std::string, std::string> paths;
            std::string alone;
            for (; at < layout_.blocks.size() && layout_.blocks[at].lane == lane.lane; ++at) {
                const auto& block = layout_.blocks[at];
                if (titled_[at] != 0) {
                    alone += single(block);
                } else {
                    bar(paths[class_of(block)], block);
                }
                if (block.in_set) bar(outline_, block);
                seen_[static_cast<std::size_t>(block.look)] = true;
            }
            for (const auto& [name, path] : paths) body_ += "<path class=\"" + name + "\" d=\"" + path + "\"/>";
            body_ += alone + "</g>";
            y += lane_step;
        }
        way();
    }

    [[nodiscard]] std::pair<double, double> row_of(Lane lane, std::uint8_t row) const {
        const auto& [top, rows] = tops_.at(lane);
        const double each = lane_height / rows;
        return {top + each * row, rows > 1 ? each - 1 : each};
    }

    // Neighbours keep a hair apart, and nothing is too thin to be seen.
    [[nodiscard]] std::pair<double, double> extent(const Block& block) const {
        const double wide = block.to - block.from;
        const double gap = wide >= 3 ? 0.6 : 0;
        const double drawn = std::max(wide - gap, 1.4);
        return {frame_.left + block.to - drawn, drawn};
    }

    void bar(std::string& path, const Block& block) const {
        const auto [top, high] = row_of(block.lane, block.row);
        const auto [x, wide] = extent(block);
        put_bar(path, x, top, wide, high);
    }

    std::string single(const Block& block) const {
        const auto [top, high] = row_of(block.lane, block.row);
        const auto [x, wide] = extent(block);
        std::string out = "<g><title>" + xml(words_of(view_, block)) + "</title><path class=\"" + class_of(block) + "\" d=\"";
        put_bar(out, x, top, wide, high);
        out += "\"/>";
        if (block.count == 1 && block.look <= Look::inferred && high > 12) out += inside(block, x, top, wide);
        return out + "</g>";
    }

    // The number of its head, where there is room for it.
    [[nodiscard]] std::string inside(const Block& block, double x, double top, double wide) const {
        const auto head = view_.chain.images[block.first].head;
        const std::string words = head.incremental > 0    ? "i" + std::to_string(head.incremental)
                                  : head.differential > 0 ? "d" + std::to_string(head.differential)
                                                          : std::string();
        if (words.empty() || static_cast<double>(words.size()) * 6.4 + 6 > wide) return {};
        const std::string_view colour = block.look == Look::inferred ? "l" : "in";
        return "<text class=\"" + std::string(colour) + "\" text-anchor=\"end\"" + attribute("x", x + wide - 3) + attribute("y", top + 14) +
               ">" + words + "</text>";
    }

    // Where the restore set goes on from one lane to the next.
    void way() {
        std::string path;
        double last_x = -1;
        for (std::size_t k = 1; k < view_.set.size(); ++k) {
            const auto& before = view_.geometry.bars[view_.set[k - 1]];
            const auto& after = view_.geometry.bars[view_.set[k]];
            if (before.lane == after.lane) continue;
            const double x = frame_.left + view_.geometry.end(before, options_.axis) * frame_.room;
            if (std::abs(x - last_x) < 0.5) continue;
            last_x = x;
            const double from = tops_.at(std::min(before.lane, after.lane)).first + lane_height;
            path += 'M';
            put(path, x);
            path += ' ';
            put(path, from);
            path += 'V';
            put(path, tops_.at(std::max(before.lane, after.lane)).first);
        }
        if (!outline_.empty()) over_ += "<path class=\"set\" d=\"" + outline_ + "\"/>";
        if (!path.empty()) over_ += "<path class=\"way\" d=\"" + path + "\"/>";
    }

    void strip(double& y) {
        if (view_.chain.points.empty()) return;
        y += 3;
        body_ += "<g><title>" + count_text(view_.chain.points.size(), "restore point", "restore points") + "</title>" +
                 label(y + 14, "points", view_.chain.points.size()) + "<rect class=\"track\"" + attribute("x", frame_.left - stub_) +
                 attribute("y", y) + attribute("width", frame_.room + stub_) + attribute("height", strip_height) + "/>";
        std::array<std::string, 4> paths;
        std::size_t bad = 0;
        std::string alone;
        for (const auto& stretch : layout_.strip) {
            const auto verdict = static_cast<std::size_t>(stretch.verdict);
            const bool short_one = stretch.verdict == Verdict::presumed || stretch.verdict == Verdict::doubtful;
            const double high = short_one ? 13 : strip_height;
            std::string shape;
            put_bar(shape, frame_.left + stretch.from, y + strip_height - high, std::max(stretch.to - stretch.from, 1.4), high);
            verdicts_[verdict] = true;
            if (stretch.verdict >= Verdict::presumed || ++bad > 40) {
                paths[verdict] += shape;
            } else {
                alone += "<path class=\"" + std::string(verdict_class(stretch.verdict)) + "\" d=\"" + shape + "\"><title>" +
                         xml(words_of(view_, stretch)) + "</title></path>";
            }
        }
        for (std::size_t verdict = paths.size(); verdict-- > 0;) {
            if (paths[verdict].empty()) continue;
            body_ += "<path class=\"" + std::string(verdict_class(static_cast<Verdict>(verdict))) + "\" d=\"" + paths[verdict] + "\"/>";
        }
        body_ += alone + "</g>";
        y += strip_height;
        pin(y);
    }

    static std::string_view verdict_class(Verdict verdict) {
        static constexpr std::array<std::string_view, 4> words = {"m", "d", "p", "c"};
        return words[static_cast<std::size_t>(verdict)];
    }

    // Which point is shown.
    void pin(double& y) {
        if (view_.chosen < 0) return;
        const auto mark = view_.geometry.marks[static_cast<std::size_t>(view_.chosen)];
        const double x = frame_.left + view_.geometry.place(mark, options_.axis) * frame_.room - layout_.mark / 2;
        over_ += "<path class=\"pin\" d=\"M" + number_text(x) + " " + number_text(y + 1) + "l5 8h-10z\"/>";
        y += 9;
    }

    void blast(double& y) {
        if (layout_.largest_blast == 0) return;
        y += 8;
        body_ += "<g><title>Blast radius: how many restore points are lost with the file above, at most " + grouped(layout_.largest_blast) +
                 "; the scale is a square root</title>" + label(y + 14, "blast radius", 0);
        if (!frame_.narrow) {
            body_ += "<text class=\"t\" text-anchor=\"end\"" + attribute("x", frame_.left - stub_ - 7) + attribute("y", y + 28) +
                     ">&lt;= " + grouped(layout_.largest_blast) + "</text>";
        }
        const double foot = y + blast_height;
        std::string path = "M" + number_text(frame_.left - stub_) + " " + number_text(foot);
        double level = 0;
        // Two columns at once: the area stays short however many columns there are.
        for (std::size_t at = 0; at < layout_.blast.size(); at += 2) {
            const auto value = std::max(layout_.blast[at], at + 1 < layout_.blast.size() ? layout_.blast[at + 1] : 0U);
            const double high =
                value == 0 ? 0 : std::max(1.0, std::round(std::sqrt(value / static_cast<double>(layout_.largest_blast)) * blast_height));
            if (high == level) continue;
            path += 'H';
            put(path, frame_.left - stub_ + static_cast<double>(at));
            path += 'V';
            put(path, foot - high);
            level = high;
        }
        path += 'H';
        put(path, frame_.left + frame_.room);
        path += 'V';
        put(path, foot);
        body_ += "<path class=\"area\" d=\"" + path + "z\"/></g>";
        y = foot;
    }

    [[nodiscard]] std::vector<LegendItem> legend_items() const {
        std::vector<LegendItem> items;
        const auto box = [](std::string_view name) { return "<path class=\"" + std::string(name) + "\" d=\"M1 1h18v11h-18z\"/>"; };
        const auto item = [&](bool wanted, std::string_view name, std::string_view text) {
            if (wanted) items.push_back({box(name), std::string(text)});
        };
        const auto look = [this](Look which) { return seen_[static_cast<std::size_t>(which)]; };
        item(!outline_.empty(), "set", "restores the marked point");
        item(look(Look::inferred), "k5 i", "beginning inferred");
        item(look(Look::settling), "s", "still being written");
        item(look(Look::orphan), "o", "orphan");
        item(look(Look::refused), "x", "damaged or incomplete");
        item(look(Look::missing) || verdicts_[0], "m",
             look(Look::missing) ? verdicts_[0] ? "missing, or point broken" : "missing" : "point broken");
        const bool doubtful = verdicts_[1];
        item(look(Look::doubtful) || doubtful, "d",
             look(Look::doubtful) ? doubtful ? "image or point doubtful" : "image doubtful" : "point doubtful");
        item(verdicts_[3], "c", "point certain");
        if (verdicts_[2]) items.push_back({"<path class=\"p\" d=\"M1 5h18v7h-18z\"/>", "point presumed"});
        return items;
    }

    const View& view_;
    const SvgOptions& options_;
    Frame frame_;
    Layout layout_;
    double stub_ = 0, top_ = 0;
    std::map<Lane, std::pair<double, std::uint8_t>> tops_;  // upper edge and rows
    std::vector<std::uint8_t> titled_;                      // per block
    std::string body_, over_, outline_;
    std::array<bool, 6> seen_{};      // per look
    std::array<bool, 4> verdicts_{};  // of points
};

}  // namespace

std::string svg_of(const View& view, const SvgOptions& options) {
    return Drawing(view, options).run();
}

}  // namespace imc::picture
