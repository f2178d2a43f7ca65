#include "agent/cli/chain_geometry.hpp"
#include "agent/cli/chain_text.hpp"
#include "agent/monitor/words.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace imc::cli {
namespace {

constexpr std::size_t label_width = 10;

// Of several things in one column the one that matters more is seen.
int rank(char mark) noexcept {
    static constexpr std::string_view order = " .-[(=?x";  // least first
    const auto at = order.find(mark == '#' ? '=' : mark);
    return at == std::string_view::npos ? 0 : static_cast<int>(at);
}

int rank_of_point(char mark) noexcept {
    static constexpr std::string_view order = " |:?x";
    const auto at = order.find(mark);
    return at == std::string_view::npos ? 0 : static_cast<int>(at);
}

char mark_of(spchain::Verdict verdict) noexcept {
    static constexpr char marks[] = {'x', '?', ':', '|'};
    return marks[static_cast<std::size_t>(verdict)];
}

class Canvas {
public:
    Canvas(const ChainView& view, Style style) : view_(view), style_(style), geometry_(geometry_of(view)) {
        const std::size_t room = style.width > label_width + 10 ? style.width - label_width : 10;
        // Few numbers get the same whole number of columns each; many share columns.
        const auto steps = static_cast<double>(room - 1);
        const double each = geometry_.steps > 0 ? std::floor(steps / geometry_.steps) : 1;
        const double used = geometry_.steps <= 0 ? 0 : each >= 1 ? std::min(each, 8.0) * geometry_.steps : steps;
        last_ = static_cast<std::size_t>(std::lround(used));
    }

    std::string draw() {
        for (const auto& bar : geometry_.bars) put(bar);
        std::string out;
        for (int lane = 0; lane < lane_count; ++lane) {
            const auto found = lanes_.find(static_cast<Lane>(lane));
            if (found != lanes_.end()) out += line(to_string(found->first), found->second);
        }
        out += points() + pointer() + axis();
        return out + legend();
    }

private:
    [[nodiscard]] std::size_t column(double at) const { return static_cast<std::size_t>(std::lround(at * static_cast<double>(last_))); }

    void put(const Bar& bar) {
        const auto& image = view_.images[bar.image];
        auto& cells = lanes_.try_emplace(bar.lane, last_ + 1, ' ').first->second;
        const std::size_t to = column(bar.to);
        const std::size_t from = std::min(column(bar.from) + (bar.lane == Lane::full ? 0 : 1), to);
        const bool orphan = image.state == spchain::State::orphan;
        const char fill = orphan                                    ? 'x'
                          : image.state == spchain::State::settling ? '.'
                          : image.in_set                            ? (bar.lane == Lane::full ? '#' : '=')
                                                                    : '-';
        for (std::size_t c = from; c <= to; ++c) mark(cells[c], fill);
        if (orphan) return;
        if (image.suspicious) mark(cells[from], '?');
        // Where bars touch, their beginnings keep them apart; a bar of one column has no beginning to show.
        if (to > from && !image.suspicious) start(cells[from], image.basis == spchain::Basis::inferred ? '(' : '[');
    }

    void mark(char& cell, char with) {
        if (rank(with) >= rank(cell)) cell = with;
        note(with);
    }

    void start(char& cell, char with) {
        if (cell == '?' || cell == 'x') return;
        cell = with;
        note(with);
    }

    // Marks that are somewhere in the picture need an explanation; each is kept once.
    void note(char with) {
        if (used_.find(with) == std::string::npos) used_ += with;
    }

    std::string line(std::string_view label, const std::string& cells) const {
        std::string text = padded(label, label_width);
        const std::string_view all = std::string_view(cells).substr(0, cells.find_last_not_of(' ') + 1);
        for (std::size_t at = 0; at < all.size();) {
            std::size_t end = at;
            while (end < all.size() && tone(all[end]) == tone(all[at])) ++end;
            text += style_.paint(all.substr(at, end - at), tone(all[at]));
            at = end;
        }
        return text + "\n";
    }

    [[nodiscard]] static Tone tone(char mark) {
        return mark == 'x' ? Tone::bad : mark == '?' ? Tone::warn : mark == '=' || mark == '#' ? Tone::good : Tone::plain;
    }

    std::string points() {
        std::string cells(last_ + 1, ' ');
        for (const auto& mark : geometry_.marks) {
            const char here = mark_of(view_.points[mark.point].verdict);
            char& cell = cells[column(mark.at)];
            if (rank_of_point(here) > rank_of_point(cell)) cell = here;
            if (points_used_.find(here) == std::string::npos) points_used_ += here;
        }
        return line("points", cells);
    }

    // Which point the marks of the restore set are about.
    std::string pointer() const {
        if (!view_.chosen) return {};
        const auto& point = view_.points[*view_.chosen];
        const std::string name = spchain::to_string(view_.base, point.point);
        const std::size_t at = column(geometry_.marks[*view_.chosen].at);
        if (label_width + at + 2 + name.size() <= style_.width && at < last_ / 2) {
            return std::string(label_width + at, ' ') + "^ " + name + "\n";
        }
        const std::size_t before = label_width + at;
        if (before < name.size() + 1) return std::string(before, ' ') + "^\n";
        return std::string(before - name.size() - 1, ' ') + name + " ^\n";
    }

    std::string axis() const {
        if (view_.points.empty()) return {};
        const auto day = [](spchain::UnixTime t) { return t == 0 ? std::string() : monitor::rfc3339(t).substr(0, 10); };
        const std::string left = day(view_.points.front().written);
        const std::string right = day(view_.points.back().written);
        if (last_ + 1 < left.size() + 1 + right.size()) return left.empty() ? "" : std::string(label_width, ' ') + left + "\n";
        return std::string(label_width, ' ') + left + std::string(last_ + 1 - left.size() - right.size(), ' ') + right + "\n";
    }

    std::string legend() const {
        std::string text;
        const auto add = [&text](std::string_view more) { text += (text.empty() ? "" : ", ") + std::string(more); };
        const auto image = [this](char mark) { return used_.find(mark) != std::string::npos; };
        const auto point = [this](char mark) { return points_used_.find(mark) != std::string::npos; };
        if (image('=') || image('#')) add(image('=') ? "= restores the point at ^" : "# restores the point at ^");
        if (image('-')) add("- other image");
        if (image('(')) add("( beginning inferred");
        if (image('[')) add("[ beginning known");
        if (image('?')) add("? beginning doubtful");
        if (image('x')) add("x orphan");
        if (image('.')) add(". still being written");
        std::string of_points;
        if (point('|')) of_points += " | certain";
        if (point(':')) of_points += " : presumed";
        if (point('?')) of_points += " ? doubtful";
        if (point('x')) of_points += " x broken";
        if (!text.empty()) text = "\n" + paragraph(text, style_, 0);
        return of_points.empty() ? text : text + paragraph("points:" + of_points, style_, 0);
    }

    const ChainView& view_;
    Style style_;
    Geometry geometry_;
    std::size_t last_ = 0;  // the rightmost column
    std::map<Lane, std::string> lanes_;
    std::string used_, points_used_;
};

}  // namespace

std::string chain_picture(const ChainView& view, Style style) {
    return Canvas(view, style).draw();
}

}  // namespace imc::cli
