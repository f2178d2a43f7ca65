#include "agent/cli/table.hpp"

#include <algorithm>
#include <numeric>

namespace imc::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr int luxury = 4;

const Cell& cell(const Row& row, std::size_t at) {
    static const Cell empty;
    return at < row.size() ? row[at] : empty;
}

class Layout {
public:
    Layout(const std::vector<Column>& all, const std::vector<Row>& rows, std::size_t room) : all_(all), room_(room) {
        widths_.resize(all.size(), 0);
        for (std::size_t c = 0; c < all.size(); ++c) {
            for (const auto& row : rows) widths_[c] = std::max(widths_[c], columns(cell(row, c).text));
            if (widths_[c] > 0) widths_[c] = std::max(widths_[c], columns(all[c].title));
        }
        while (total() > room_ && drop_one(luxury)) {
        }
        shrink();
        while (total() > room_ && drop_one(1)) shrink();
        squeeze();
    }
    [[nodiscard]] std::size_t width(std::size_t column) const { return widths_[column]; }

private:
    [[nodiscard]] std::size_t total() const {
        const auto used = static_cast<std::size_t>(std::count_if(widths_.begin(), widths_.end(), [](std::size_t w) { return w > 0; }));
        return std::accumulate(widths_.begin(), widths_.end(), std::size_t{0}) + (used > 0 ? gap * (used - 1) : 0);
    }

    bool drop_one(int from) {
        std::size_t worst = all_.size();
        for (std::size_t c = 0; c < all_.size(); ++c) {
            if (widths_[c] > 0 && all_[c].drop >= from && (worst == all_.size() || all_[c].drop > all_[worst].drop)) worst = c;
        }
        if (worst == all_.size()) return false;
        widths_[worst] = 0;
        return true;
    }

    // Takes from the widest that may be cut, so that none suffers alone. Starts anew from what the columns would like.
    void shrink() {
        if (wanted_.empty()) wanted_ = widths_;
        for (std::size_t c = 0; c < all_.size(); ++c) widths_[c] = widths_[c] > 0 ? wanted_[c] : 0;
        while (total() > room_) {
            std::size_t widest = all_.size();
            for (std::size_t c = 0; c < all_.size(); ++c) {
                const bool may = all_[c].least > 0 && widths_[c] > all_[c].least;
                if (may && (widest == all_.size() || widths_[c] > widths_[widest])) widest = c;
            }
            if (widest == all_.size()) return;
            --widths_[widest];
        }
    }

    // Whatever was promised, no line is wider than the page.
    void squeeze() {
        while (total() > room_) {
            const auto widest = std::max_element(widths_.begin(), widths_.end());
            if (*widest <= 1) return;
            --*widest;
        }
    }

    const std::vector<Column>& all_;
    std::size_t room_;
    std::vector<std::size_t> widths_, wanted_;
};

}  // namespace

std::string table(const std::vector<Column>& all, const std::vector<Row>& rows, Style style, std::size_t indent) {
    const Layout layout(all, rows, style.width > indent ? style.width - indent : 1);
    std::string out;
    const auto line = [&](const Row& row) {
        std::string text(indent, ' ');
        std::size_t blanks = 0;
        bool first = true;
        for (std::size_t c = 0; c < all.size(); ++c) {
            const std::size_t width = layout.width(c);
            if (width == 0) continue;
            if (!first) blanks += gap;
            first = false;
            const std::string content = fit(cell(row, c).text, width, all[c].cut);
            const std::size_t pad = width - std::min(width, columns(content));
            if (all[c].right) blanks += pad;
            if (!content.empty()) {
                text += std::string(blanks, ' ') + style.paint(content, cell(row, c).tone);
                blanks = 0;
            }
            if (!all[c].right) blanks += pad;
        }
        out += text + "\n";
    };
    if (std::any_of(all.begin(), all.end(), [](const Column& c) { return !c.title.empty(); })) {
        Row titles;
        for (const auto& column : all) titles.push_back({column.title, Tone::dim});
        line(titles);
    }
    for (const auto& row : rows) line(row);
    return out;
}

}  // namespace imc::cli
