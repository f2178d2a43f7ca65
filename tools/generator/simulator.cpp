#include "tools/generator/simulator.hpp"

#include <algorithm>

namespace generator {
namespace {

using spchain::DayNumber;
using spchain::Kind;
using spchain::Point;
using spchain::UnixTime;

int weekday(DayNumber day) {
    return ((day + 4) % 7 + 7) % 7;
}

class Server {
public:
    explicit Server(const Plan& plan) : plan_(plan), random_(plan.seed) {}

    std::vector<TrueImage> run() {
        make(Kind::full, {}, {}, plan_.base_bytes, instant(plan_.calendar, plan_.first_day, plan_.base_minute));
        for (int d = 0; d < plan_.days; ++d) {
            const DayNumber day = plan_.first_day + d;
            backup(day);
            pending_.push_back(day);
            if (random_.chance(plan_.night_off)) continue;
            for (const DayNumber closed : pending_) consolidate(closed, day + 1);
            pending_.clear();
            retain(day + 1);
        }
        return std::move(images_);
    }

private:
    void make(Kind kind, Point tail, Point head, std::uint64_t bytes, UnixTime when) {
        TrueImage image;
        image.kind = kind;
        image.head = head;
        image.tail = tail;
        image.created = when;
        image.entry.bytes = bytes;
        image.entry.written = when;
        image.entry.name = name(kind, head);
        images_.push_back(std::move(image));
    }

    [[nodiscard]] std::string name(Kind kind, Point head) const {
        std::string text = plan_.volume + "-" + spchain::to_string(plan_.base, head);
        if (kind == Kind::full) return text + ".spf";
        const bool stacked = plan_.stacked_names;
        if (kind == Kind::daily) text += "-cd";
        if (kind == Kind::weekly) text += stacked ? "-cd-cw" : "-cw";
        if (kind == Kind::monthly) text += stacked ? "-cd-cw-cm" : "-cm";
        if (kind == Kind::rolling) text += stacked ? "-cd-cw-cm-cr" : "-cr";
        return text + ".spi";
    }

    void backup(DayNumber day) {
        const int dow = weekday(day);
        if (day >= plan_.first_day + plan_.days - plan_.silent_days) return;
        if (plan_.weekends_off && (dow == 0 || dow == 6)) return;
        if (day != plan_.first_day && random_.chance(plan_.day_off)) return;
        int from = plan_.first_minute;
        int to = plan_.last_minute;
        if (random_.chance(plan_.partial_day)) {
            const int half = (to - from) / 2;
            (random_.chance(0.5) ? from : to) = from + half;
        }
        if (day == plan_.first_day) from = std::max(from, plan_.base_minute + plan_.interval_minutes);
        for (int minute = from; minute < to; minute += plan_.interval_minutes) {
            ++last_;
            const auto jitter = static_cast<UnixTime>(random_.below(50));
            make(Kind::incremental, {0, last_ - 1}, {0, last_}, vary(plan_.increment_bytes), instant(plan_.calendar, day, minute) + jitter);
        }
        if (last_ > 0) points_.push_back({day, last_});
    }

    std::uint64_t vary(std::uint64_t bytes) { return bytes / 2 + random_.below(bytes + 1); }

    // The number of the last point made on or before a day; 0: the base.
    [[nodiscard]] std::uint32_t last_on(DayNumber day) const {
        const auto after = std::partition_point(points_.begin(), points_.end(), [day](const DayEnd& end) { return end.day <= day; });
        return after == points_.begin() ? 0 : std::prev(after)->number;
    }

    void close(Kind kind, std::uint32_t& previous, std::uint32_t number, UnixTime when, std::uint64_t bytes) {
        if (number <= previous) return;
        make(kind, {0, previous}, {0, number}, bytes, when);
        previous = number;
    }

    void consolidate(DayNumber closed, DayNumber night) {
        UnixTime when = instant(plan_.calendar, night, 0) + 120 + static_cast<UnixTime>(random_.below(600));
        const auto number = last_on(closed);
        close(Kind::daily, daily_, number, when, vary(plan_.increment_bytes * 3));
        if (plan_.calendar.week_start(closed + 1) == closed + 1) {
            weekly_ = std::max(weekly_, plan_.months_close_with_weeks ? 0U : monthly_);
            when += 300;
            close(Kind::weekly, weekly_, number, when, vary(plan_.increment_bytes * 8));
        }
        if (plan_.monthlies && plan_.calendar.month_start(closed + 1) == closed + 1) {
            when += 300;
            const auto end = plan_.months_close_with_weeks ? weekly_ : number;
            close(Kind::monthly, monthly_, end, when, vary(plan_.increment_bytes * 20));
            roll(when + 300);
        }
    }

    void roll(UnixTime when) {
        if (plan_.keep_months == 0) return;
        std::vector<TrueImage*> monthlies;
        for (auto& image : images_) {
            if (image.kind == Kind::monthly && image.deleted == INT64_MAX) monthlies.push_back(&image);
        }
        if (static_cast<int>(monthlies.size()) <= plan_.keep_months) return;
        const Point head = monthlies[monthlies.size() - static_cast<std::size_t>(plan_.keep_months) - 1]->head;
        for (auto& image : images_) {
            const bool merged = image.kind == Kind::rolling || (image.kind == Kind::monthly && image.head <= head);
            if (merged && image.deleted == INT64_MAX) image.deleted = when + 60;
        }
        make(Kind::rolling, {}, head, vary(plan_.base_bytes / 4), when);
    }

    // Files of a consolidated period go when they are old enough: the whole period at once, or each by its own age.
    void retain(DayNumber night) {
        const UnixTime when = instant(plan_.calendar, night, 0) + 3600;
        retain_level(Kind::incremental, Kind::daily, plan_.retention.intra_daily, night, when);
        retain_level(Kind::daily, Kind::weekly, plan_.retention.daily, night, when);
        retain_level(Kind::daily, Kind::monthly, plan_.retention.daily, night, when);
        retain_level(Kind::weekly, Kind::monthly, plan_.retention.weekly, night, when);
    }

    void retain_level(Kind kind, Kind cover, int days, DayNumber night, UnixTime when) {
        const bool whole = !plan_.retention_by_file || kind == Kind::incremental;
        auto& from = retained_[static_cast<std::size_t>(kind)][static_cast<std::size_t>(cover)];
        for (std::size_t c = from; c < images_.size(); ++c) {
            if (images_[c].kind != cover) continue;
            const Point tail = images_[c].tail;
            const Point head = images_[c].head;
            const bool over = plan_.calendar.day_of(images_[c].created) + days < night;
            bool left = !over;
            if (whole && !over) break;
            for (auto& image : images_) {
                if (image.kind != kind || image.deleted != INT64_MAX || image.tail < tail || head < image.head) continue;
                if (whole || plan_.calendar.day_of(image.created) + days < night) {
                    image.deleted = when;
                } else {
                    left = true;
                }
            }
            if (left) break;
            from = c + 1;
        }
    }

    struct DayEnd {
        DayNumber day;
        std::uint32_t number;
    };
    const Plan& plan_;
    Random random_;
    std::vector<TrueImage> images_;
    std::vector<DayEnd> points_;
    std::vector<DayNumber> pending_;
    std::size_t retained_[8][8] = {};
    std::uint32_t last_ = 0, daily_ = 0, weekly_ = 0, monthly_ = 0;
};

}  // namespace

std::uint64_t Random::next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

std::uint64_t Random::below(std::uint64_t n) {
    return next() % n;
}
bool Random::chance(double probability) {
    return static_cast<double>(next() >> 11) * 0x1.0p-53 < probability;
}

std::vector<TrueImage> simulate(const Plan& plan) {
    return Server(plan).run();
}

std::vector<TrueImage> at(const std::vector<TrueImage>& all, UnixTime when) {
    std::vector<TrueImage> there;
    std::copy_if(all.begin(), all.end(), std::back_inserter(there),
                 [when](const TrueImage& image) { return image.created <= when && when < image.deleted; });
    return there;
}

UnixTime instant(const spchain::Calendar& calendar, DayNumber day, int minute) {
    const UnixTime local = static_cast<UnixTime>(day) * 86'400 + static_cast<UnixTime>(minute) * 60;
    UnixTime utc = local;
    // Twice, because the offset is looked up by the instant that it leads to.
    for (int pass = 0; pass < 2; ++pass) {
        std::int32_t offset = calendar.offsets.empty() ? 0 : calendar.offsets.front().offset_seconds;
        for (const auto& change : calendar.offsets) {
            if (change.from <= utc) offset = change.offset_seconds;
        }
        utc = local - offset;
    }
    return utc;
}

}  // namespace generator
