// The simulated servers themselves: what is made, what is deleted, and what can truly be restored.
#include "tools/generator/reach.hpp"
#include "tools/generator/time_text.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace generator;
using spchain::Kind;

namespace {

Plan plan_of(std::uint64_t seed) {
    Random random(seed);
    Plan plan;
    plan.seed = random.next();
    plan.first_day = 19'700 + static_cast<int>(random.below(400));
    plan.days = 40 + static_cast<int>(random.below(360));
    plan.weekends_off = random.chance(0.3);
    plan.partial_day = random.chance(0.5) ? 0.05 : 0.0;
    plan.night_off = random.chance(0.5) ? 0.05 : 0.0;
    plan.day_off = random.chance(0.5) ? 0.05 : 0.0;
    plan.monthlies = random.chance(0.8);
    plan.months_close_with_weeks = random.chance(0.4);
    plan.keep_months = random.chance(0.3) ? 4 : 0;
    return plan;
}

std::vector<TrueImage> present(const Plan& plan) {
    return at(simulate(plan), instant(plan.calendar, plan.first_day + plan.days, 10 * 60));
}

std::size_t count(const std::vector<TrueImage>& images, Kind kind) {
    return static_cast<std::size_t>(std::count_if(images.begin(), images.end(), [kind](const auto& i) { return i.kind == kind; }));
}

bool same(const std::vector<TrueImage>& a, const std::vector<TrueImage>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const TrueImage& x, const TrueImage& y) {
        return x.entry.name == y.entry.name && x.entry.bytes == y.entry.bytes && x.created == y.created && x.deleted == y.deleted;
    });
}

}  // namespace

TEST_CASE("while whole periods are retained and nothing is lost, every point of a simulated server can be reached") {
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        const auto images = present(plan_of(seed));
        const auto reached = reachable(images);
        for (const auto& image : images) {
            INFO("seed " << seed << ": " << image.entry.name);
            REQUIRE(reached.contains(image.head));
        }
    }
}

TEST_CASE("retention file by file leaves points unreachable only within periods that are consolidated") {
    std::size_t fringe = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        auto plan = plan_of(seed);
        plan.retention_by_file = true;
        const auto images = present(plan);
        const auto reached = reachable(images);
        for (const auto& image : images) {
            if (reached.contains(image.head)) continue;
            ++fringe;
            const auto over = [&](const TrueImage& other) {
                return other.tail < image.head && image.head < other.head && reached.contains(other.head);
            };
            INFO("seed " << seed << ": " << image.entry.name);
            CHECK((image.kind == Kind::daily || image.kind == Kind::weekly));
            CHECK(std::any_of(images.begin(), images.end(), over));
        }
    }
    CHECK(fringe > 0);
}

TEST_CASE("a seed stands for one server and another for another") {
    auto plan = plan_of(3);
    const auto first = simulate(plan);
    CHECK(same(first, simulate(plan)));
    ++plan.seed;
    CHECK_FALSE(same(first, simulate(plan)));
}

TEST_CASE("a machine that is silent makes no images while consolidation and retention go on") {
    auto plan = plan_of(4);
    plan.days = 200;
    plan.partial_day = plan.night_off = plan.day_off = 0;
    plan.monthlies = true;
    plan.silent_days = 40;
    const auto last = plan.first_day + plan.days - plan.silent_days;
    const auto ever = simulate(plan);
    CHECK(std::none_of(ever.begin(), ever.end(),
                       [&](const auto& i) { return i.kind == Kind::incremental && plan.calendar.day_of(i.created) >= last; }));
    const auto now = present(plan);
    CHECK(count(now, Kind::incremental) == 0);
    CHECK(count(now, Kind::daily) == 0);
    CHECK(count(now, Kind::monthly) > 0);
    CHECK(reachable(now).size() > 1);
}

TEST_CASE("without monthlies the weeklies stay and each is the only way onwards") {
    auto plan = plan_of(5);
    plan.days = 200;
    plan.monthlies = false;
    plan.keep_months = 0;
    auto images = present(plan);
    CHECK(count(images, Kind::monthly) == 0);
    CHECK(count(images, Kind::weekly) >= 26);
    const auto which = essential(images, Kind::weekly);
    REQUIRE(which);
    const auto newest = *reachable(images).rbegin();
    images.erase(images.begin() + static_cast<std::ptrdiff_t>(*which));
    CHECK_FALSE(reachable(images).contains(newest));
}

TEST_CASE("the link that is lost late takes other points with it") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        auto images = present(plan_of(seed));
        const auto before = reachable(images).size();
        const auto which = late_link(images);
        REQUIRE(which);
        CHECK(images[*which].kind == Kind::incremental);
        images.erase(images.begin() + static_cast<std::ptrdiff_t>(*which));
        CHECK(reachable(images).size() + 1 < before);
    }
}

TEST_CASE("times are read in RFC 3339 and nothing else") {
    CHECK(parse_time("1970-01-01T00:00:00Z") == 0);
    CHECK(parse_time("2026-03-01T12:00:00Z") == 1'772'366'400);
    CHECK(parse_time("2026-03-01T13:30:00+01:30") == 1'772'366'400);
    CHECK(parse_time("2026-03-01t04:00:00.25-08:00") == 1'772'366'400);
    CHECK(parse_time("2024-02-29T00:00:00Z").has_value());
    for (const char* text :
         {"", "now", "2026-03-01", "2026-03-01T12:00:00", "2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-03-01T24:00:00Z",
          "2026-03-01T12:00:00Z ", "2026-03-01T12:00:00+1:00", "2026-03-01 12:00:00Z", "1969-12-31T23:59:59Z"}) {
        INFO(text);
        CHECK_FALSE(parse_time(text));
    }
    CHECK(slashed_date(1'772'366'400) == "2026/03/01");
    CHECK(time_text(1'772'366'399) == "2026-03-01 11:59:59");
}
