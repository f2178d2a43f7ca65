// A policy applied to files: covers by trying all, what is needed by taking it away, ends of points and files against
// simulated servers that go on living.
#include "spchain/policy.hpp"

#include "spchain/src/covers.hpp"
#include "tests/support/chain_notation.hpp"
#include "tests/support/random_chain.hpp"
#include "tests/support/truth.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

using spchain::Ending;
using spchain::Image;
using spchain::Kind;
using spchain::State;
using spchain::Verdict;

namespace {

constexpr spchain::UnixTime day = 86'400;

int rank(const Image& image) {
    if (image.kind == Kind::incremental) return 0;
    return image.kind >= Kind::daily && image.kind <= Kind::rolling ? 1 + static_cast<int>(image.kind) - static_cast<int>(Kind::daily) : -1;
}

bool covers(const Image& cover, const Image& image) {
    if (rank(image) < 0 || rank(cover) < 1 || image.state == State::settling || cover.state == State::settling) return false;
    if (cover.tail > image.tail || cover.head < image.head) return false;
    return rank(cover) > rank(image) || (rank(image) == 4 && rank(cover) == 4 && cover.head > image.head);
}

bool led_to(const spchain::Chain& chain, const Image& image, std::uint32_t gone) {
    return image.kind == Kind::full || random_chain::verdict(chain, image.tail, gone) != Verdict::broken;
}

}  // namespace

TEST_CASE("the cover of a file is the earliest written of all that hold it") {
    generator::Random random(51);
    int covered = 0;
    for (int round = 0; round < 6000; ++round) {
        const auto c = random_chain::make(random);
        const auto found = spchain::covers_of(c);
        for (std::size_t k = 0; k < c.images.size(); ++k) {
            spchain::UnixTime earliest = spchain::no_time;
            for (const Image& image : c.images) {
                if (covers(image, c.images[k]) && (earliest == spchain::no_time || image.written < earliest)) earliest = image.written;
            }
            REQUIRE((found[k] >= 0) == (earliest != spchain::no_time));
            if (found[k] < 0) continue;
            ++covered;
            const Image& cover = c.images[static_cast<std::size_t>(found[k])];
            REQUIRE(covers(cover, c.images[k]));
            REQUIRE(cover.written == earliest);
        }
    }
    CHECK(covered > 5000);
}

TEST_CASE("what goes is due, strands nothing, and what is kept as needed could not go as well") {
    generator::Random random(52);
    int gone_at_all = 0;
    int needed = 0;
    for (int round = 0; round < 6000; ++round) {
        auto c = random_chain::make(random, {.settling = 0.02});
        for (auto& image : c.images) image.written = static_cast<spchain::UnixTime>(random.below(40)) * day;
        const spchain::Retention policy{static_cast<int>(random.below(6)), static_cast<int>(random.below(12)),
                                        static_cast<int>(random.below(20)), static_cast<int>(random.below(2))};
        const auto when = static_cast<spchain::UnixTime>(20 + random.below(60)) * day;
        const auto outcome = spchain::apply_retention(c, policy, {}, when);
        REQUIRE(outcome.files.size() == c.images.size());
        REQUIRE(outcome.points.size() == c.points.size());
        const auto gone = random_chain::bits(outcome.goes);
        std::uint64_t bytes = 0;
        for (std::size_t k = 0; k < c.images.size(); ++k) {
            const auto& fate = outcome.files[k];
            const Image& image = c.images[k];
            REQUIRE(fate.goes == ((gone >> k & 1U) != 0));
            const bool reason = fate.foundation || fate.settling || fate.uncovered || fate.young || fate.for_ever || fate.needed;
            REQUIRE(fate.goes != reason);
            if (fate.goes) {
                ++gone_at_all;
                bytes += image.bytes;
                const Image& cover = c.images[static_cast<std::size_t>(fate.cover)];
                REQUIRE(covers(cover, image));
                const std::int64_t days[] = {policy.intra_daily, policy.daily, policy.weekly, 0, 0};
                REQUIRE(cover.written + days[rank(image)] * day <= when);
                if (rank(image) < 3) REQUIRE(days[rank(image)] > 0);
                continue;
            }
            const bool was = led_to(c, image, 0);
            if (was) REQUIRE(led_to(c, image, gone));
            if (!fate.needed) continue;
            ++needed;
            // With this one gone, too, something that stays would hang in the air.
            const auto more = gone | 1U << k;
            bool strands = false;
            for (std::size_t j = 0; j < c.images.size(); ++j) {
                if (j != k && (gone >> j & 1U) == 0 && led_to(c, c.images[j], 0) && !led_to(c, c.images[j], more)) strands = true;
            }
            // A settling file leads there as well, but is nothing to rely on.
            const bool settling = std::any_of(c.images.begin(), c.images.end(), [](const Image& i) { return i.state == State::settling; });
            REQUIRE((strands || settling));
            REQUIRE(c.images[static_cast<std::size_t>(fate.needed_by)].tail == image.head);
        }
        REQUIRE(outcome.bytes == bytes);
        REQUIRE(outcome.cost.stranded.empty());
    }
    CHECK(gone_at_all > 2000);
    CHECK(needed > 100);
}

TEST_CASE("a day's increments would go a week after their daily, and the reasons say so") {
    auto c = notation::chain("b1 i1..i72 cd@24 cd@48 cd@72");
    const auto written = c.image("cd@24").written;
    const auto fate_of = [&](const std::string& word, spchain::UnixTime when) {
        const auto outcome = spchain::apply_retention(c.only(), {}, {}, c.now, when);
        return outcome.files[static_cast<std::size_t>(&c.image(word) - c.only().images.data())];
    };
    CHECK(fate_of("i5", written + 6 * day).young);
    CHECK(fate_of("i5", written + 6 * day).due == written + 7 * day);
    CHECK(fate_of("i5", written + 7 * day).goes);
    CHECK(fate_of("i5", written + 7 * day).certainty == Verdict::presumed);  // where the daily begins is inferred
    CHECK_FALSE(fate_of("i30", written + 7 * day).goes);
    CHECK(fate_of("cd@24", written + 400 * day).uncovered);
    CHECK(fate_of("b1", written + 400 * day).foundation);
    const auto outcome = spchain::apply_retention(c.only(), {}, {}, c.now, written + 7 * day);
    CHECK(outcome.goes.size() == 24);
    CHECK(outcome.bytes == 24'000);
    CHECK(outcome.cost.points_lost == 23);
    CHECK(outcome.cost.certainty == Verdict::presumed);
    const auto for_ever = spchain::apply_retention(c.only(), {0, 0, 0, 0}, {}, c.now, written + 4000 * day);
    CHECK(for_ever.goes.empty());
    CHECK(for_ever.files[3].for_ever);
}

TEST_CASE("points say when they would come to their end, and the newest that nobody knows") {
    const auto c = notation::chain("b1 i1..i80 cd@24 cd@48 cd@72");
    const auto points = spchain::apply_retention(c.only(), {}, {}, c.now).points;
    const auto of = [&](std::uint32_t n) { return points[n]; };
    CHECK(of(0).ending == Ending::never);
    CHECK(of(5).ending == Ending::at_time);
    CHECK(of(5).at == c.image("cd@24").written + 7 * day);
    CHECK(of(5).certainty == Verdict::presumed);
    // The end of Monday lives as a daily until a fortnight after the weekly, which comes after Saturday (2024-10-05) or
    // after the month, whichever is first: Monday is 2024-09-30, the last of its month.
    CHECK(of(24).ending == Ending::at_time);
    CHECK(of(24).at > c.now + 360 * day);
    CHECK(of(48).at == (19'996LL + 6 + 15) * day);
    CHECK(of(48).certainty == Verdict::presumed);
    CHECK(of(80).ending == Ending::not_known);
    CHECK(of(80).certainty == Verdict::broken);
}

TEST_CASE("a point that cannot be restored has no end to foresee") {
    const auto c = notation::chain("b1 i1..i30 cd@24 !i3");
    const auto points = spchain::apply_retention(c.only(), {}, {}, c.now).points;
    CHECK(points[3].ending == Ending::not_known);  // i4
    CHECK(points[3].certainty == Verdict::broken);
}

TEST_CASE("times and policies that make no sense overflow nothing") {
    auto c = notation::chain("b1 i1..i48 cd@24 cd@48");
    for (auto& entry : c.entries) entry.written = entry.bytes % 2 == 0 ? INT64_MAX - 5 : INT64_MIN + 5;
    c.look();
    for (const int extreme : {INT32_MAX, INT32_MIN, -1}) {
        const auto outcome = spchain::apply_retention(c.only(), {extreme, extreme, extreme, extreme}, {}, INT64_MAX - 1, INT64_MAX);
        CHECK(outcome.points.size() == c.only().points.size());
        CHECK(spchain::apply_retention(c.only(), {1, 1, 1, 1}, {}, spchain::no_time).goes.empty());
    }
}

TEST_CASE("files of simulated servers would go when they truly went, and points end when they truly ended") {
    int files = 0;
    int files_near = 0;
    int points = 0;
    int points_near = 0;
    int too_late = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        auto plan = truth::random_plan(seed + 70'000);
        plan.silent_days = 0;
        plan.night_off = 0;
        plan.retention_by_file = false;
        plan.days = 150 + static_cast<int>(seed) * 3;
        plan.keep_months = seed % 2 == 0 ? 3 : 0;
        auto policy = plan.retention;
        policy.monthly = plan.keep_months;
        const auto all = generator::simulate(plan);
        const auto now = generator::instant(plan.calendar, plan.first_day + plan.days / 2, 10 * 60);
        const auto end = generator::instant(plan.calendar, plan.first_day + plan.days - 1, 0);
        const auto there = generator::at(all, now);
        const auto entries = truth::listing(there);
        spchain::FolderInput input;
        input.entries = entries;
        input.now = now;
        input.rules.calendar = plan.calendar;
        const auto report = spchain::analyse(input);
        const auto& c = report.volumes.at(0).chains.at(0);
        const auto outcome = spchain::apply_retention(c, policy, plan.calendar, now);
        for (std::size_t k = 0; k < c.images.size(); ++k) {
            const auto truly = there[c.images[k].entry].deleted;
            if (outcome.files[k].due == spchain::no_time || c.images[k].kind >= Kind::monthly || truly > end) continue;
            ++files;
            if (truly >= outcome.files[k].due && truly - outcome.files[k].due <= 2 * day) ++files_near;
        }
        std::map<spchain::Point, spchain::UnixTime> ends;
        for (const auto& image : all) {
            auto& until = ends[image.head];
            until = std::max(until, image.deleted);
        }
        for (std::size_t p = 0; p < c.points.size(); ++p) {
            const auto& expiry = outcome.points[p];
            const auto truly = ends[c.points[p].point];
            if (expiry.ending == Ending::never && truly != INT64_MAX) ++too_late;
            if (expiry.ending != Ending::at_time || truly > end) continue;
            ++points;
            const auto off = truly - expiry.at;
            if (off >= -2 * day && off <= 9 * day) ++points_near;
            if (off < -40 * day) ++too_late;
        }
    }
    INFO(files_near << " of " << files << " files, " << points_near << " of " << points << " points, too late " << too_late);
    CHECK(files > 3000);
    CHECK(files_near > files * 97 / 100);
    CHECK(points > 3000);
    CHECK(points_near > points * 95 / 100);
    CHECK(too_late * 200 < points);
}
