// How long each analysis of a chain and its picture take, and how large the picture is: hourly increments with every daily, weekly and
// monthly and no retention, so that nothing is easy. Takes the increments (default 5000) and the rounds (default 15); prints the median and
// the best of each, and ends with an error when one passes the bar: 1 ms up to 5,000 increments (a picture 5 ms and 40 kB), 60 ms up to
// 100,000 (and 80 kB).
#include "agent/picture/svg.hpp"
#include "spchain/failure.hpp"
#include "spchain/gaps.hpp"
#include "spchain/growth.hpp"
#include "spchain/instants.hpp"
#include "spchain/loss.hpp"
#include "spchain/mend.hpp"
#include "spchain/policy.hpp"
#include "spchain/prune.hpp"
#include "spchain/ways.hpp"
#include "spchain/within.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

namespace {

constexpr spchain::UnixTime hour = 3'600;
constexpr spchain::UnixTime day = 24 * hour;

std::vector<spchain::Entry> listing(std::uint32_t increments, spchain::UnixTime& now) {
    std::vector<spchain::Entry> entries;
    std::uint32_t number = 0;
    const auto add = [&](const char* suffix, std::uint64_t bytes) {
        const std::string digits = std::to_string(number);
        const auto middle = number > 0 ? "-i" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits : std::string();
        entries.push_back({"C_VOL-b001" + middle + suffix + (number > 0 ? ".spi" : ".spf"), bytes, now});
    };
    add("", 80'000'000'000);
    while (number < increments) {
        now += hour;
        ++number;
        add("", 150'000'000 + number % 97);
        if (now % day != 23 * hour) continue;
        const std::chrono::sys_days date{std::chrono::days{now / day}};
        const std::chrono::year_month_day tomorrow{date + std::chrono::days{1}};
        now += hour;
        add("-cd", 900'000'000);
        if (std::chrono::weekday{date} == std::chrono::Saturday) add("-cw", 3'000'000'000);
        if (tomorrow.day() == std::chrono::day{1}) add("-cm", 9'000'000'000);
        now -= hour;
    }
    now += day;
    return entries;
}

struct Times {
    double median = 0;
    double best = 0;
};

Times measure(int rounds, const std::function<std::size_t()>& work, std::size_t& checksum) {
    using Clock = std::chrono::steady_clock;
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Clock::now();
        checksum += work();
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times.front()};
}

}  // namespace

int main(int argc, char** argv) {
    const auto increments = static_cast<std::uint32_t>(std::clamp(argc > 1 ? std::strtol(argv[1], nullptr, 10) : 5000, 100L, 1'000'000L));
    const auto rounds = static_cast<int>(std::clamp(argc > 2 ? std::strtol(argv[2], nullptr, 10) : 15, 1L, 10'000L));
    const double bar = increments <= 5000 ? 1 : 60 * std::max(1.0, increments / 100'000.0);
    spchain::UnixTime now = 16'436 * day;
    const auto entries = listing(increments, now);
    spchain::FolderInput input;
    input.entries = entries;
    input.now = now;
    input.rules.expect_md5 = false;
    const auto report = spchain::analyse(input);
    if (report.volumes.size() != 1 || report.volumes[0].chains.size() != 1) return 2;
    const auto& volume = report.volumes[0];
    const auto& chain = volume.chains[0];
    const auto newest = chain.points.back().point;
    std::vector<std::uint32_t> lost(100);
    std::iota(lost.begin(), lost.end(), static_cast<std::uint32_t>(chain.images.size() / 2));
    std::uint64_t total = 0;
    for (const auto& image : chain.images) total += image.bytes;
    std::vector<spchain::Sample> samples;
    samples.reserve(365);
    for (int k = 0; k < 365; ++k) samples.push_back({now + k * day, static_cast<std::uint64_t>(k * 1'000'000 + k % 7 * 50'000)});
    const std::vector<const spchain::Volume*> machine{&volume, &volume, &volume};
    auto broken = input;
    std::vector<spchain::Entry> holed;
    std::copy_if(entries.begin(), entries.end(), std::back_inserter(holed),
                 [k = 0](const auto&) mutable { return ++k < 10 || k % 50 != 0; });
    broken.entries = holed;
    const auto broken_report = spchain::analyse(broken);
    const auto& holes = broken_report.volumes[0].chains[0];

    const auto picture = [&volume, &chain, &entries, &report] {
        const auto missing = imc::picture::missing_of(volume, chain, report.memory);
        const auto geometry = imc::picture::geometry_of(chain, missing);
        imc::picture::View view{chain, geometry, missing, entries, volume.name, chain.newest, {}};
        view.set = chain.restore_set(chain.points.back().point);
        return imc::picture::svg_of(view, {}).size();
    };

    struct Row {
        const char* what;
        std::function<std::size_t()> work;
    };
    const std::vector<Row> rows{
        {"points of failure", [&] { return spchain::points_of_failure(chain, newest).files.size(); }},
        {"two ways", [&] { return spchain::two_ways(chain, newest).first.size(); }},
        {"mend", [&] { return spchain::mend(holes, "C_VOL", broken_report.memory, newest, spchain::Verdict::certain)->files.size(); }},
        {"largest prune set", [&] { return spchain::largest_prune_set(chain).files.size(); }},
        {"retention", [&] { return spchain::apply_retention(chain, {}, {}, now).goes.size(); }},
        {"cost of a loss", [&] { return spchain::cost_of_loss(chain, lost).points.size(); }},
        {"keep within", [&] { return spchain::keep_within(chain, total / 2).files.size(); }},
        {"growth", [&] { return static_cast<std::size_t>(spchain::growth_of(samples).bytes_per_day); }},
        {"gaps", [&] { return spchain::recovery_gaps(volume, 2 * hour, spchain::no_time, now).over.size(); }},
        {"instants", [&] { return spchain::instants_of(machine, hour).size(); }},
    };
    std::size_t checksum = 0;
    bool held = true;
    for (const auto& row : rows) {
        const Times ms = measure(rounds, row.work, checksum);
        held = held && ms.median <= bar;
        std::printf("%-20s %8.3f ms, at best %8.3f ms%s\n", row.what, ms.median, ms.best, ms.median <= bar ? "" : "  over the bar");
    }
    const double picture_bar = std::max(bar, 5.0);
    const Times drawn = measure(rounds, picture, checksum);
    const double kilobytes = static_cast<double>(picture()) / 1000;
    const double most_kilobytes = increments <= 5000 ? 40 : 80;
    held = held && drawn.median <= picture_bar && kilobytes <= most_kilobytes;
    std::printf("%-20s %8.3f ms, at best %8.3f ms, %.1f kB\n", "SVG", drawn.median, drawn.best, kilobytes);
    std::printf("%zu images, bar %.0f ms, checksum %zu\n", chain.images.size(), bar, checksum);
    return held ? 0 : 1;
}
