#include "agent/picture/axis.hpp"

#include "agent/monitor/words.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace imc::picture {
namespace {

using spchain::UnixTime;

constexpr UnixTime earliest = -62'135'596'800;  // 0001-01-01
constexpr UnixTime latest = 253'402'300'799;    // 9999-12-31T23:59:59Z
constexpr UnixTime hour = 3'600;
constexpr UnixTime day = 24 * hour;

class Ticks {
public:
    Ticks(const Geometry& geometry, double least) : geometry_(geometry), least_(std::max(least, 0.001)) {}

    void add(double at, std::string label, std::string below) {
        if (at < 0 || at > 1) return;
        if (!ticks_.empty() && at - ticks_.back().at < least_) return;
        ticks_.push_back({at, std::move(label), std::move(below)});
    }

    void numbers() {
        // 1, 2 or 5 times a power of ten, so wide that labels have room.
        const double wanted = std::max(1.0, geometry_.steps * least_);
        double each = std::pow(10, std::floor(std::log10(wanted)));
        for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
            if (each * factor < wanted && factor < 10) continue;
            each *= factor;
            break;
        }
        for (const auto& segment : geometry_.segments) {
            number(segment, 0);
            const double last = segment.to - segment.from;
            for (double n = each; n <= last; n += each) number(segment, n);
        }
    }

    void times() {
        const UnixTime from = std::clamp(geometry_.from, earliest, latest);
        const UnixTime to = std::clamp(geometry_.to, earliest, latest);
        const double wanted = static_cast<double>(to - from) * least_;
        static constexpr std::array<UnixTime, 8> clock = {hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day};
        const auto found =
            std::find_if(clock.begin(), clock.end(), [wanted](UnixTime each) { return static_cast<double>(each) >= wanted; });
        if (found != clock.end()) return every(*found, from, to);
        static constexpr std::array<int, 12> months = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12000};
        const auto period =
            std::find_if(months.begin(), months.end(), [wanted](int each) { return static_cast<double>(each) * 28 * day >= wanted; });
        by_months(period == months.end() ? months.back() : *period, from, to);
    }

    std::vector<Tick> take() { return std::move(ticks_); }

private:
    void number(const Segment& segment, double n) {
        const double step = segment.from + n;
        std::string label = "i" + std::to_string(static_cast<std::uint64_t>(n));
        if (n == 0) label = segment.differential == 0 ? "base" : "d" + std::to_string(segment.differential);
        add(geometry_.steps > 0 ? step / geometry_.steps : 0, std::move(label), date_at(step));
    }

    [[nodiscard]] std::string date_at(double step) const {
        if (!geometry_.timed) return {};
        const auto& all = geometry_.vertices;
        const auto after = std::lower_bound(all.begin(), all.end(), step, [](const Vertex& v, double wanted) { return v.step < wanted; });
        if (after == all.end()) return date_text(all.back().time);
        if (after == all.begin() || after->step <= step) return date_text(after->time);
        const auto before = after - 1;
        const double share = (step - before->step) / (after->step - before->step);
        const double time =
            static_cast<double>(before->time) + (static_cast<double>(after->time) - static_cast<double>(before->time)) * share;
        return date_text(static_cast<UnixTime>(std::clamp(time, static_cast<double>(earliest), static_cast<double>(latest))));
    }

    void at_time(UnixTime time, std::string label) {
        const double span = static_cast<double>(geometry_.to) - static_cast<double>(geometry_.from);
        add((static_cast<double>(time) - static_cast<double>(geometry_.from)) / span, std::move(label), {});
    }

    void every(UnixTime each, UnixTime from, UnixTime to) {
        // Weeks begin on Mondays; 1970-01-01 was a Thursday.
        const UnixTime shift = each == 7 * day ? 4 * day : 0;
        UnixTime at = from - ((from - shift) % each + each) % each;
        for (; at <= to; at += each) {
            if (at < from) continue;
            const auto text = monitor::rfc3339(at);
            at_time(at, each >= day || at % day == 0 ? text.substr(0, 10) : text.substr(11, 5));
        }
    }

    void by_months(int each, UnixTime from, UnixTime to) {
        namespace chrono = std::chrono;
        const chrono::year_month_day first{chrono::floor<chrono::days>(chrono::sys_seconds{chrono::seconds{from}})};
        auto month = (static_cast<int>(first.year()) * 12 + static_cast<int>(static_cast<unsigned>(first.month())) - 1) / each * each;
        for (;; month += each) {
            const chrono::year_month_day date{chrono::year{month / 12}, chrono::month{static_cast<unsigned>(month % 12) + 1},
                                              chrono::day{1}};
            const UnixTime at = chrono::sys_seconds{chrono::sys_days{date}}.time_since_epoch().count();
            if (at > to) return;
            at_time(at, monitor::rfc3339(at).substr(0, each >= 12 ? 4 : 7));
        }
    }

    const Geometry& geometry_;
    double least_;
    std::vector<Tick> ticks_;
};

}  // namespace

std::vector<Tick> ticks_of(const Geometry& geometry, Axis axis, double least) {
    Ticks ticks(geometry, least);
    if (axis == Axis::time && geometry.timed) {
        ticks.times();
    } else {
        ticks.numbers();
    }
    return ticks.take();
}

std::string date_text(UnixTime time) {
    return time == spchain::no_time ? std::string() : monitor::rfc3339(time).substr(0, 10);
}

}  // namespace imc::picture
