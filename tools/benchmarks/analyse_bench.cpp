// How long spchain takes for one chain of 100,000 images: eleven years of hourly increments with every daily, weekly
// and monthly and no retention. Looks at it for the first time, and once more with its memory (shown, not held). Ends with an error when
// the first median passes the bar. Takes the rounds (default 15); prints "analyse <images> images first <ms> again <ms>".
#include "spchain/folder.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace {

constexpr double bar_ms = 50;
constexpr std::size_t wanted = 100'000;
constexpr spchain::UnixTime hour = 3'600;
constexpr spchain::UnixTime day = 24 * hour;
constexpr spchain::UnixTime begin = 16'436 * day;  // 2015-01-01

class Chain {
public:
    std::vector<spchain::Entry> entries;
    spchain::UnixTime now = begin;

    Chain() {
        add("", 80'000'000'000);
        while (entries.size() < wanted) {
            now += hour;
            ++number_;
            add("", 150'000'000);
            if (now % day == 23 * hour) close_periods(now / day);
        }
    }

private:
    // The last increment of the day is there; what closes is written soon after midnight.
    void close_periods(spchain::UnixTime today) {
        const std::chrono::sys_days date{std::chrono::days{today}};
        const std::chrono::year_month_day tomorrow{date + std::chrono::days{1}};
        now += hour;
        add("-cd", 900'000'000);
        if (std::chrono::weekday{date} == std::chrono::Saturday) add("-cw", 3'000'000'000);
        if (tomorrow.day() == std::chrono::day{1}) add("-cm", 9'000'000'000);
        now -= hour;
    }

    void add(const char* suffix, std::uint64_t bytes) {
        std::string name = "C_VOL-b001";
        if (number_ > 0) {
            const std::string digits = std::to_string(number_);
            name += "-i" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
        }
        entries.push_back(
            {name + suffix + (number_ > 0 ? ".spi" : ".spf"), bytes, now + static_cast<spchain::UnixTime>(entries.size() % 60)});
    }

    std::uint32_t number_ = 0;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
    const int rounds = std::max(1, argc > 1 ? std::atoi(argv[1]) : 15);
    Chain chain;
    // A directory lists its files in no order that means anything.
    std::sort(chain.entries.begin(), chain.entries.end(),
              [](const auto& a, const auto& b) { return std::hash<std::string>{}(a.name) < std::hash<std::string>{}(b.name); });
    // A walk allocates the names in the order of the listing; sorting has just strewn them over the heap.
    const std::vector<spchain::Entry> listing(chain.entries);
    spchain::FolderInput input;
    input.entries = listing;
    input.now = chain.now + day;
    input.rules.expect_md5 = false;

    using Clock = std::chrono::steady_clock;
    std::vector<double> first;
    std::vector<double> again;
    std::vector<spchain::Memory> memory;
    std::uint64_t points = 0;  // so that no work can be left out
    for (int round = 0; round < 2 * rounds; ++round) {
        const bool second = round % 2 == 1;
        input.memory = second ? std::span<const spchain::Memory>(memory) : std::span<const spchain::Memory>();
        input.previous_look = second ? input.now - hour : spchain::no_time;
        const auto start = Clock::now();
        spchain::FolderReport report = spchain::analyse(input);
        (second ? again : first).push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
        if (report.volumes.size() != 1 || report.volumes[0].chains.size() != 1 || report.images != chain.entries.size()) return 2;
        points += report.volumes[0].chains[0].points.size();
        memory = std::move(report.memory);
    }
    const double first_ms = median(first);
    const double again_ms = median(again);
    std::printf("analyse %zu images first %.1f ms again %.1f ms (bar %.0f ms, checksum %llu)\n", chain.entries.size(), first_ms, again_ms,
                bar_ms, static_cast<unsigned long long>(points));
    return first_ms <= bar_ms ? 0 : 1;
}
