#include "agent/picture/layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace imc::picture {
namespace {

constexpr double touching = 1;  // columns: a narrower gap is no gap

// One row that is filled from left to right. What is narrower than `least` is gathered in a cell until that is as wide,
// and cells of one look that touch become one block. `Piece` has from, to, last, count and take(other).
template <class Piece>
class Row {
public:
    explicit Row(double least) : least_(least) {}

    [[nodiscard]] double end() const { return end_; }

    void add(const Piece& piece) {
        end_ = std::max(end_, piece.to);
        if (piece.to - piece.from >= least_) {
            flush();
            pieces_.push_back(piece);
            narrow_ = false;
        } else if (open_ && std::max(piece.to, cell_.to) - cell_.from < least_) {
            cell_.take(piece);
        } else {
            flush();
            cell_ = piece;
            open_ = true;
        }
    }

    // What lies wholly under what is there already.
    void hide(const Piece& piece) {
        flush();
        if (pieces_.empty()) return add(piece);
        pieces_.back().take(piece);
    }

    std::vector<Piece> finish() {
        flush();
        return std::move(pieces_);
    }

private:
    void flush() {
        if (!open_) return;
        open_ = false;
        if (narrow_ && pieces_.back().looks_like(cell_) && cell_.from - pieces_.back().to < touching) {
            pieces_.back().take(cell_);
        } else {
            pieces_.push_back(cell_);
        }
        narrow_ = true;
    }

    double least_;
    double end_ = -1e300;
    std::vector<Piece> pieces_;
    Piece cell_;
    bool open_ = false;
    bool narrow_ = false;  // the last piece is made of cells
};

struct BarPiece : Block {
    [[nodiscard]] bool looks_like(const BarPiece& other) const { return look == other.look && in_set == other.in_set; }
    void take(const BarPiece& other) {
        // Indices of missing files and of images are not of one kind: those of the worse are kept.
        if (other.look == look || (other.look < Look::missing && look < Look::missing)) {
            first = std::min(first, other.first);
            last = std::max(last, other.last);
        } else if (other.look > look) {
            first = other.first;
            last = other.last;
        }
        look = std::max(look, other.look);
        in_set = in_set || other.in_set;
        to = std::max(to, other.to);
        count += other.count;
        bytes += other.bytes;
        blast_radius = std::max(blast_radius, other.blast_radius);
    }
};

struct PointPiece : Stretch {
    [[nodiscard]] bool looks_like(const PointPiece& other) const { return verdict == other.verdict; }
    void take(const PointPiece& other) {
        verdict = std::min(verdict, other.verdict);
        to = std::max(to, other.to);
        last = std::max(last, other.last);
        count += other.count;
    }
};

class LaneRows {
public:
    explicit LaneRows(double least) : least_(least) {}

    void add(const BarPiece& piece) {
        const double slack = piece.to - piece.from < least_ ? least_ : touching;
        auto best = rows_.end();
        for (auto row = rows_.begin(); row != rows_.end(); ++row) {
            if (row->end() <= piece.from + slack) {
                row->add(piece);
                return;
            }
            if (best == rows_.end() || row->end() < best->end()) best = row;
        }
        if (rows_.size() < most_rows) {
            rows_.emplace_back(least_);
            rows_.back().add(piece);
        } else if (best->end() < piece.to) {
            BarPiece rest = piece;
            rest.from = best->end();
            best->add(rest);
        } else {
            best->hide(piece);
        }
    }

    std::uint8_t finish(std::vector<Block>& blocks) {
        std::uint8_t number = 0;
        for (auto& row : rows_) {
            for (auto& piece : row.finish()) {
                piece.row = number;
                blocks.push_back(piece);
            }
            ++number;
        }
        return std::max<std::uint8_t>(number, 1);
    }

private:
    double least_;
    std::vector<Row<BarPiece>> rows_;
};

class Maker {
public:
    Maker(const View& view, const LayoutOptions& options) : view_(view), options_(options) {}

    Layout run() {
        gather();
        for (std::size_t lane = 0; lane < lane_count; ++lane) {
            if (!pieces_[lane].empty()) lay(static_cast<Lane>(lane), pieces_[lane]);
        }
        points();
        if (options_.blast) blast();
        return std::move(layout_);
    }

private:
    void span(BarPiece& piece, const Bar& bar) const {
        piece.lane = bar.lane;
        piece.from = view_.geometry.begin(bar, options_.axis) * options_.columns;
        piece.to = view_.geometry.end(bar, options_.axis) * options_.columns;
        if (bar.tail < 0) piece.from -= options_.stub;
        // Times may run against each other; a bar does not.
        piece.from = std::min(piece.from, piece.to);
    }

    void gather() {
        std::vector<std::uint8_t> in_set(view_.chain.images.size(), 0);
        for (const auto image : view_.set) in_set[image] = 1;
        for (std::uint32_t k = 0; k < view_.chain.images.size(); ++k) {
            const auto& image = view_.chain.images[k];
            BarPiece piece;
            span(piece, view_.geometry.bars[k]);
            piece.look = look_of(image);
            piece.in_set = in_set[k] != 0;
            piece.first = piece.last = k;
            piece.count = 1;
            piece.bytes = image.bytes;
            piece.blast_radius = image.blast_radius;
            pieces_[static_cast<std::size_t>(piece.lane)].push_back(piece);
        }
        for (std::uint32_t k = 0; k < view_.missing.size(); ++k) {
            BarPiece piece;
            span(piece, view_.geometry.holes[k]);
            piece.look = Look::missing;
            piece.first = piece.last = k;
            piece.count = view_.missing[k].count;
            pieces_[static_cast<std::size_t>(piece.lane)].push_back(piece);
        }
    }

    void lay(Lane lane, std::vector<BarPiece>& pieces) {
        LaneSum sum;
        sum.lane = lane;
        for (const auto& piece : pieces) {
            (piece.look == Look::missing ? sum.missing : sum.images) += piece.count;
            sum.bytes += piece.bytes;
        }
        // What restores the point is never the one that is cut where bars overlap.
        const auto before = [](const BarPiece& a, const BarPiece& b) {
            if (a.from != b.from) return a.from < b.from;
            return a.in_set != b.in_set ? a.in_set : a.to < b.to;
        };
        if (!std::is_sorted(pieces.begin(), pieces.end(), before)) std::stable_sort(pieces.begin(), pieces.end(), before);
        LaneRows rows(options_.least);
        for (const auto& piece : pieces) rows.add(piece);
        sum.rows = rows.finish(layout_.blocks);
        layout_.lanes.push_back(sum);
    }

    void points() {
        const auto& points = view_.chain.points;
        const double steps =
            options_.axis == Axis::time && view_.geometry.timed ? static_cast<double>(points.size()) : view_.geometry.steps;
        const double room = steps > 0 ? options_.columns / steps * 0.8 : options_.stub;
        layout_.mark = std::clamp(room, std::min(2.0, options_.stub), options_.stub);
        std::vector<PointPiece> pieces(points.size());
        for (std::uint32_t k = 0; k < points.size(); ++k) {
            auto& piece = pieces[k];
            piece.to = view_.geometry.place(view_.geometry.marks[k], options_.axis) * options_.columns;
            piece.from = piece.to - layout_.mark;
            piece.verdict = points[k].verdict;
            piece.first = piece.last = k;
            piece.count = 1;
        }
        const auto before = [](const PointPiece& a, const PointPiece& b) { return a.to < b.to; };
        if (!std::is_sorted(pieces.begin(), pieces.end(), before)) std::stable_sort(pieces.begin(), pieces.end(), before);
        Row<PointPiece> row(options_.least);
        for (const auto& piece : pieces) row.add(piece);
        for (auto& piece : row.finish()) layout_.strip.push_back(piece);
    }

    // Columns are painted once each, by the largest that covers them.
    void blast() {
        const auto width = static_cast<std::size_t>(std::ceil(options_.columns + options_.stub)) + 1;
        layout_.blast.assign(width, 0);
        std::vector<const BarPiece*> order;
        for (const auto& lane : pieces_) {
            for (const auto& piece : lane) {
                if (piece.blast_radius > 0) order.push_back(&piece);
            }
        }
        std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) { return a->blast_radius > b->blast_radius; });
        std::vector<std::size_t> next(width + 1);  // the first column from here on that is not painted
        std::iota(next.begin(), next.end(), std::size_t{0});
        const auto unpainted = [&next](std::size_t at) {
            while (next[at] != at) at = next[at] = next[next[at]];
            return at;
        };
        for (const auto* piece : order) {
            const auto from = static_cast<std::size_t>(std::max(0.0, piece->from + options_.stub));
            const auto to = std::min(width, std::max(from + 1, static_cast<std::size_t>(std::lround(piece->to + options_.stub))));
            for (std::size_t at = unpainted(std::min(from, width)); at < to; at = unpainted(at)) {
                layout_.blast[at] = piece->blast_radius;
                next[at] = at + 1;
            }
        }
        layout_.largest_blast = order.empty() ? 0 : order.front()->blast_radius;
    }

    const View& view_;
    const LayoutOptions& options_;
    std::array<std::vector<BarPiece>, lane_count> pieces_;
    Layout layout_;
};

}  // namespace

Look look_of(const spchain::Image& image) noexcept {
    if (image.standing == spchain::Standing::refused) return Look::refused;
    if (image.state == spchain::State::orphan) return Look::orphan;
    if (image.suspicious || image.standing == spchain::Standing::doubted) return Look::doubtful;
    if (image.state == spchain::State::settling) return Look::settling;
    return image.kind != spchain::Kind::full && image.basis == spchain::Basis::inferred ? Look::inferred : Look::known;
}

Layout layout_of(const View& view, const LayoutOptions& options) {
    return Maker(view, options).run();
}

}  // namespace imc::picture
