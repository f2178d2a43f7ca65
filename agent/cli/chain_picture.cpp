#include "agent/cli/chain_text.hpp"
#include "agent/picture/axis.hpp"
#include "agent/picture/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace imc::cli {
namespace {

using picture::Lane;
using picture::Look;

constexpr std::size_t label_width = 10;
constexpr double widest_step = 8;

constexpr std::array<std::string_view, picture::lane_count> labels = {"full", "diff", "rolling", "month", "week", "day", "other", "inc"};

// Cells hold marks; what stands for a mark on the terminal comes last. A mark with a brighter twin belongs to the
// restore set: '-' and '=', '[' and ']', '(' and ')', 'o' and '#'.
struct Glyph {
    char mark;
    std::string_view plain, unicode;
};
constexpr std::array glyphs = {
    Glyph{' ', " ", " "},
    Glyph{'.', ".", "\xC2\xB7"},
    Glyph{'-', "-", "\xE2\x94\x80"},
    Glyph{'=', "=", "\xE2\x94\x81"},
    Glyph{'[', "[", "\xE2\x94\x9C"},
    Glyph{']', "[", "\xE2\x94\xA3"},
    Glyph{'(', "(", "\xE2\x94\x86"},
    Glyph{')', "(", "\xE2\x94\x87"},
    Glyph{'o', "-", "\xE2\x96\xA1"},
    Glyph{'#', "#", "\xE2\x96\xA0"},
    Glyph{'x', "x", "\xE2\x95\xB3"},
    Glyph{'X', "X", "\xE2\x96\x93"},
    Glyph{'/', "/", "\xE2\x96\x91"},
    Glyph{'?', "?", "?"},
    Glyph{'|', "|", "\xE2\x96\x88"},
    Glyph{':', ":", "\xE2\x96\x92"},
    Glyph{'^', "^", "\xE2\x96\xB2"},
};
constexpr std::array<std::string_view, 9> heights = {
    " ", "\xE2\x96\x81", "\xE2\x96\x82", "\xE2\x96\x83", "\xE2\x96\x84", "\xE2\x96\x85", "\xE2\x96\x86", "\xE2\x96\x87", "\xE2\x96\x88"};

// Of several things in one column the one that matters more is seen.
std::size_t rank(std::string_view order, char mark) noexcept {
    const auto at = order.find(mark);
    return at == std::string_view::npos ? 0 : at;
}
constexpr std::string_view bar_order = " .-o=#?xX/";  // least first
constexpr std::string_view point_order = " |:?x";

char mark_of(spchain::Verdict verdict) noexcept {
    static constexpr char marks[] = {'x', '?', ':', '|'};
    return marks[static_cast<std::size_t>(verdict)];
}

Tone tone_of(char mark) noexcept {
    switch (mark) {
        case 'x':
        case 'X':
        case '/':
            return Tone::bad;
        case '?':
            return Tone::warn;
        case '=':
        case '#':
        case ']':
        case ')':
            return Tone::good;
        default:
            return Tone::plain;
    }
}

class Canvas {
public:
    Canvas(const ChainView& view, Style style, TextPicture options) : view_(view), style_(style), options_(options) {
        const std::size_t room = style.width > label_width + 10 ? style.width - label_width : 10;
        const auto columns = static_cast<double>(room - 1);
        const double steps = view.geometry.steps;
        const bool timed = options.axis == picture::Axis::time && view.geometry.timed;
        // Few numbers get the same whole number of columns each; many share columns.
        const double each = steps > 0 ? std::floor(columns / steps) : 1;
        const double used = timed ? columns : steps <= 0 ? 0 : each >= 1 ? std::min(each, widest_step) * steps : columns;
        last_ = static_cast<std::size_t>(std::lround(used));
    }

    std::string draw() {
        const auto& images = view_.chain.images;
        std::vector<std::uint8_t> in_set(images.size(), 0);
        for (const auto image : view_.set) in_set[image] = 1;
        for (std::size_t k = 0; k < images.size(); ++k) put(view_.geometry.bars[k], picture::look_of(images[k]), in_set[k] != 0);
        for (const auto& hole : view_.geometry.holes) put(hole, Look::missing, false);
        std::string out;
        for (const auto& [lane, cells] : lanes_) out += line(labels[static_cast<std::size_t>(lane)], cells);
        out += points() + pointer();
        if (options_.blast) out += blast();
        return out + axis() + legend();
    }

private:
    [[nodiscard]] std::size_t column(double place) const {
        return static_cast<std::size_t>(std::lround(place * static_cast<double>(last_)));
    }

    void put(const picture::Bar& bar, Look look, bool in_set) {
        auto& cells = lanes_.try_emplace(bar.lane, last_ + 1, ' ').first->second;
        const std::size_t to = column(view_.geometry.end(bar, options_.axis));
        const bool point = bar.tail < 0;
        const std::size_t from = point ? to : std::min(column(view_.geometry.begin(bar, options_.axis)) + 1, to);
        const char fill = look == Look::missing    ? '/'
                          : look == Look::refused  ? 'X'
                          : look == Look::orphan   ? 'x'
                          : look == Look::settling ? '.'
                          : point                  ? (in_set ? '#' : 'o')
                          : in_set                 ? '='
                                                   : '-';
        for (std::size_t c = from; c <= to; ++c) mark(cells[c], fill);
        if (look == Look::doubtful) mark(cells[from], '?');
        // Where bars touch, their beginnings keep them apart; a bar of one column has no beginning to show.
        if (to == from || look > Look::inferred) return;
        start(cells[from], look == Look::inferred ? (in_set ? ')' : '(') : in_set ? ']' : '[');
    }

    void mark(char& cell, char with) {
        if (rank(bar_order, with) >= rank(bar_order, cell)) cell = with;
        note(used_, with);
    }

    void start(char& cell, char with) {
        if (cell == '?' || cell == 'x' || cell == 'X' || cell == '/') return;
        cell = with;
        note(used_, with == ']' ? '[' : with == ')' ? '(' : with);
    }

    // Marks that are somewhere in the picture need an explanation; each is kept once.
    static void note(std::string& used, char mark) {
        if (used.find(mark) == std::string::npos) used += mark;
    }

    [[nodiscard]] std::string_view glyph(char mark) const {
        const auto* found = std::find_if(glyphs.begin(), glyphs.end(), [mark](const Glyph& g) { return g.mark == mark; });
        return style_.unicode ? found->unicode : found->plain;
    }

    [[nodiscard]] std::string line(std::string_view label, const std::string& cells) const {
        std::string text = padded(label, label_width);
        const std::string_view all = std::string_view(cells).substr(0, cells.find_last_not_of(' ') + 1);
        for (std::size_t at = 0; at < all.size();) {
            const Tone tone = tone_of(all[at]);
            std::string part;
            for (; at < all.size() && tone_of(all[at]) == tone; ++at) part += glyph(all[at]);
            text += style_.paint(part, tone);
        }
        return text + "\n";
    }

    std::string points() {
        std::string cells(last_ + 1, ' ');
        const auto& points = view_.chain.points;
        for (std::size_t k = 0; k < points.size(); ++k) {
            const char here = mark_of(points[k].verdict);
            char& cell = cells[column(view_.geometry.place(view_.geometry.marks[k], options_.axis))];
            if (rank(point_order, here) > rank(point_order, cell)) cell = here;
            note(points_used_, here);
        }
        return line("points", cells);
    }

    // Which point the marks of the restore set are about.
    [[nodiscard]] std::string pointer() const {
        if (view_.chosen < 0) return {};
        const auto mark = view_.geometry.marks[static_cast<std::size_t>(view_.chosen)];
        const std::size_t at = column(view_.geometry.place(mark, options_.axis));
        const std::size_t before = label_width + at;
        const std::string name = view_.chosen_name();
        const std::string sign(glyph('^'));
        if (before + 2 + name.size() <= style_.width && at < last_ / 2) return std::string(before, ' ') + sign + " " + name + "\n";
        if (before < name.size() + 1) return std::string(before, ' ') + sign + "\n";
        return std::string(before - name.size() - 1, ' ') + name + " " + sign + "\n";
    }

    // How many points hang on the file above, as heights or as digits from 1 to 9; the scale is a square root.
    [[nodiscard]] std::string blast() const {
        picture::LayoutOptions options;
        options.axis = options_.axis;
        options.columns = static_cast<double>(last_);
        options.stub = 1;
        options.blast = true;
        const auto layout = picture::layout_of(view_.picture(), options);
        if (layout.largest_blast == 0) return {};
        std::string text = padded("blast", label_width);
        const double most = style_.unicode ? 8 : 9;
        for (std::size_t at = 0; at <= last_ && at < layout.blast.size(); ++at) {
            const double share = std::sqrt(layout.blast[at] / static_cast<double>(layout.largest_blast));
            const auto level = layout.blast[at] == 0 ? 0 : std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(share * most)));
            if (style_.unicode) {
                text += heights[level];
            } else {
                text += level == 0 ? ' ' : static_cast<char>('0' + level);
            }
        }
        text.erase(text.find_last_not_of(' ') + 1);
        return text + "\n";
    }

    [[nodiscard]] std::string axis() const {
        const auto& points = view_.chain.points;
        if (points.empty()) return {};
        const std::string left = picture::date_text(points.front().written);
        const std::string right = picture::date_text(points.back().written);
        if (left.empty() && right.empty()) return {};
        if (last_ + 1 < left.size() + 1 + right.size()) return left.empty() ? "" : std::string(label_width, ' ') + left + "\n";
        return std::string(label_width, ' ') + left + std::string(last_ + 1 - left.size() - right.size(), ' ') + right + "\n";
    }

    [[nodiscard]] std::string legend() const {
        std::string text;
        const auto add = [&](const std::string& used, char mark, std::string_view words) {
            if (used.find(mark) == std::string::npos) return;
            text += (text.empty() ? "" : ", ") + std::string(glyph(mark)) + " " + std::string(words);
        };
        const std::string restores = "restores the point at " + std::string(glyph('^'));
        const bool bars = used_.find('=') != std::string::npos;
        add(used_, bars ? '=' : '#', restores);
        add(used_, used_.find('-') != std::string::npos ? '-' : 'o', "other image");
        add(used_, '(', "beginning inferred");
        add(used_, '[', "beginning known");
        add(used_, '?', "doubtful");
        add(used_, 'x', "orphan");
        add(used_, 'X', "damaged or incomplete");
        add(used_, '/', "missing");
        add(used_, '.', "still being written");
        std::string all = text.empty() ? "" : "\n" + paragraph(text, style_, 0);
        std::string of_points;
        for (const auto verdict :
             {spchain::Verdict::certain, spchain::Verdict::presumed, spchain::Verdict::doubtful, spchain::Verdict::broken}) {
            const char mark = mark_of(verdict);
            if (points_used_.find(mark) == std::string::npos) continue;
            of_points += " " + std::string(glyph(mark)) + " " + std::string(spchain::to_string(verdict));
        }
        return of_points.empty() ? all : all + paragraph("points:" + of_points, style_, 0);
    }

    const ChainView& view_;
    Style style_;
    TextPicture options_;
    std::size_t last_ = 0;  // the rightmost column
    std::map<Lane, std::string> lanes_;
    std::string used_, points_used_;
};

}  // namespace

std::string chain_picture(const ChainView& view, Style style, TextPicture options) {
    return Canvas(view, style, options).draw();
}

}  // namespace imc::cli
