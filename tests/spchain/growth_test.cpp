// Growth against all pairs of samples, ranges against many drawn series, and the answers that are no day.
#include "spchain/growth.hpp"

#include "tools/generator/simulator.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using spchain::Filling;
using spchain::Sample;

namespace {

constexpr spchain::UnixTime day = 86'400;
constexpr spchain::UnixTime start = 20'000 * day;

std::vector<Sample> line(int days, double slope, double noise, generator::Random& random) {
    std::vector<Sample> samples;
    for (int k = 0; k < days; ++k) {
        double sum = 0;
        for (int j = 0; j < 6; ++j) sum += static_cast<double>(random.below(1'000'001)) / 1e6 - 0.5;
        samples.push_back({start + k * day, static_cast<std::uint64_t>(1e9 + slope * k + noise * sum)});
    }
    return samples;
}

double median_of_all_pairs(const std::vector<Sample>& samples) {
    std::vector<double> slopes;
    for (const auto& a : samples) {
        for (const auto& b : samples) {
            if (a.at >= b.at) continue;
            const double rise = static_cast<double>(b.bytes) - static_cast<double>(a.bytes);
            slopes.push_back(rise / (static_cast<double>(b.at - a.at) / day));
        }
    }
    std::sort(slopes.begin(), slopes.end());
    const auto half = slopes.size() / 2;
    return slopes.size() % 2 == 1 ? slopes[half] : (slopes[half] + slopes[half - 1]) / 2;
}

}  // namespace

TEST_CASE("the slope is the median over all pairs of samples") {
    generator::Random random(41);
    for (int round = 0; round < 2000; ++round) {
        std::vector<Sample> samples;
        const auto count = 7 + random.below(20);
        for (std::uint64_t k = 0; k < count; ++k) {
            samples.push_back({start + static_cast<spchain::UnixTime>(random.below(400)) * day / 4, random.below(1'000'000)});
        }
        samples.push_back({start - 30 * day, 500});
        samples.push_back({spchain::no_time, 1});
        std::vector<Sample> known(samples.begin(), samples.end() - 1);
        const auto growth = spchain::growth_of(samples);
        REQUIRE(growth.enough);
        REQUIRE(growth.bytes_per_day == Approx(median_of_all_pairs(known)));
        REQUIRE(growth.low <= growth.bytes_per_day);
        REQUIRE(growth.bytes_per_day <= growth.high);
    }
}

TEST_CASE("nine of ten ranges hold the true slope") {
    generator::Random random(42);
    int held = 0;
    constexpr int series = 2000;
    for (int round = 0; round < series; ++round) {
        const auto growth = spchain::growth_of(line(30, 1e6, 2e7, random));
        if (growth.low <= 1e6 && 1e6 <= growth.high) ++held;
    }
    CHECK(held > series * 87 / 100);
    CHECK(held < series * 95 / 100);
}

TEST_CASE("a fifth of the samples may be anything") {
    generator::Random random(43);
    for (int round = 0; round < 200; ++round) {
        auto samples = line(60, 5e6, 1e5, random);
        for (std::size_t k = 0; k < 12; ++k) samples[random.below(60)].bytes = random.below(2'000'000'000'000);
        const auto growth = spchain::growth_of(samples);
        CHECK(growth.bytes_per_day == Approx(5e6).epsilon(0.05));
    }
}

TEST_CASE("few samples, or a few days, are not enough") {
    generator::Random random(44);
    auto samples = line(6, 1e6, 0, random);
    CHECK_FALSE(spchain::growth_of(samples).enough);
    CHECK_FALSE(spchain::growth_of({}).enough);
    samples.clear();
    for (int k = 0; k < 50; ++k) samples.push_back({start + k * 3600, static_cast<std::uint64_t>(k)});
    CHECK_FALSE(spchain::growth_of(samples).enough);
    const auto full = spchain::day_of_full_disk(spchain::growth_of(samples), 100, start, {});
    CHECK(full.answer == Filling::not_enough_data);
    CHECK_FALSE(full.likely);
}

TEST_CASE("of many samples as many as are looked at, the first and the last among them") {
    generator::Random random(45);
    const auto growth = spchain::growth_of(line(5000, 1e6, 1e5, random));
    CHECK(growth.bytes_per_day == Approx(1e6).epsilon(0.001));
}

TEST_CASE("the disk is full on a day with an earliest and a latest") {
    spchain::Growth growth;
    growth.enough = true;
    growth.bytes_per_day = 100;
    growth.low = 50;
    growth.high = 200;
    const auto full = spchain::day_of_full_disk(growth, 1000, start, {});
    CHECK(full.answer == Filling::by_day);
    CHECK(full.earliest == 20'005);
    CHECK(full.likely == 20'010);
    CHECK(full.latest == 20'020);
    growth.low = -1;
    CHECK_FALSE(spchain::day_of_full_disk(growth, 1000, start, {}).latest);
    growth.bytes_per_day = 0;
    const auto never = spchain::day_of_full_disk(growth, 1000, start, {});
    CHECK(never.answer == Filling::never);
    CHECK(never.earliest == 20'005);
    CHECK_FALSE(never.likely);
    growth.high = 0;
    CHECK_FALSE(spchain::day_of_full_disk(growth, 1000, start, {}).earliest);
    CHECK(spchain::day_of_full_disk(growth, 0, start, {}).answer == Filling::full);
    growth = {true, 1, 1, 1};
    const auto far = spchain::day_of_full_disk(growth, UINT64_MAX, start, {});
    CHECK(far.answer == Filling::by_day);
    CHECK(far.beyond_horizon);
    CHECK_FALSE(far.likely);
}

TEST_CASE("a folder that is as it was never fills its disk") {
    generator::Random random(46);
    const auto growth = spchain::growth_of(line(40, 0, 0, random));
    const auto full = spchain::day_of_full_disk(growth, 1000, start, {});
    CHECK(full.answer == Filling::never);
    CHECK_FALSE(full.earliest);
    CHECK_FALSE(full.latest);
}
