// What the files show of the retention, on chains made for it and on simulated servers whose retention is known.
#include "tests/support/chain_notation.hpp"
#include "tests/support/truth.hpp"

#include <catch2/catch.hpp>

using notation::chain;

namespace {

constexpr spchain::UnixTime day = 86'400;

}  // namespace

TEST_CASE("a level whose older files are gone shows its retention, one that has all shows none") {
    const auto whole = chain("b1 i1..i72 cd@24 cd@48");
    CHECK_FALSE(whole.report.kept.intra_daily.trimmed);
    CHECK_FALSE(whole.report.kept.daily.trimmed);
    CHECK(whole.report.kept.weekly.oldest == spchain::no_time);
    const auto trimmed = chain("b1 i25..i72 cd@24 cd@48 cd@72");
    CHECK(trimmed.report.kept.intra_daily.trimmed);
    CHECK(trimmed.report.kept.intra_daily.oldest == trimmed.image("i25").written);
    CHECK_FALSE(trimmed.report.kept.daily.trimmed);
    const auto weekly = chain("b1 i169..i192 cw@168 cd@192");
    CHECK(weekly.report.kept.daily.trimmed);
    CHECK(weekly.report.kept.daily.oldest == weekly.image("cd@192").written);
    CHECK_FALSE(weekly.report.kept.weekly.trimmed);
    CHECK(weekly.report.kept.weekly.oldest == weekly.image("cw@168").written);
}

TEST_CASE("only the newest chain of a volume counts, and none where the times are lost") {
    const auto two = chain("b1 i49..i72 cd@24 cd@48 cd@72 b2 i1..i5");
    CHECK_FALSE(two.report.kept.intra_daily.trimmed);
    CHECK(two.report.kept.daily.oldest == spchain::no_time);
    auto copied = chain("b1 i49..i72 cd@24 cd@48 cd@72");
    for (auto& entry : copied.entries) entry.written = copied.now - 40 * day;
    copied.look();
    CHECK(copied.report.kept.intra_daily.oldest == spchain::no_time);
}

TEST_CASE("simulated servers show the retention that they have") {
    int shown = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        auto plan = truth::random_plan(seed + 30'000);
        plan.silent_days = 0;
        if (seed % 2 == 0) plan.retention = {21, 40, 60, 12};
        if (plan.days < 60) continue;
        const auto now = generator::instant(plan.calendar, plan.first_day + plan.days, 10 * 60);
        const auto entries = truth::listing(generator::at(generator::simulate(plan), now));
        spchain::FolderInput input;
        input.entries = entries;
        input.now = now;
        input.rules.calendar = plan.calendar;
        const auto kept = spchain::analyse(input).kept;
        const auto near = [&](const spchain::Kept& level, std::int64_t days, std::int64_t period) {
            if (!level.trimmed) return;
            ++shown;
            INFO("seed " << seed << ": " << (now - level.oldest) / day << " days of " << days);
            CHECK((now - level.oldest) / day >= days - period);
            CHECK((now - level.oldest) / day <= days + period + 7);
        };
        near(kept.intra_daily, plan.retention.intra_daily, 2);
        near(kept.daily, plan.retention.daily, 7);
        near(kept.weekly, plan.retention.weekly, 31);
    }
    CHECK(shown > 250);
}
