// How many names spchain parses in a second on one core, over a mix like that of real folders. Ends with an error
// when it is fewer than the bar. Takes the seconds to run (default 2); prints "parse <names per second>".
#include "spchain/name.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

constexpr double bar = 4e6;

std::string number(const char* tag, unsigned value) {
    const std::string digits = std::to_string(value);
    return tag + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits;
}

// Hourly increments with their digests, consolidations now and then, a few strangers; about 100,000 names.
std::vector<std::string> realistic_names() {
    const char* const volumes[] = {"C_VOL", "D_VOL", "System Reserved_VOL", "SRV-01_E_VOL",
                                   "\xC3\x9C"
                                   "bung_VOL"};
    const char* const levels[] = {"-cd", "-cd-cw", "-cd-cw-cm", "-cd-cm-cr"};
    std::vector<std::string> names;
    for (unsigned base = 1; base <= 4; ++base) {
        for (const char* volume : volumes) {
            const std::string chain = volume + number("-b", base);
            names.insert(names.end(), {chain + ".spf", chain + ".md5", "Thumbs.db", chain + "bad.log"});
            for (unsigned i = 1; i <= 2'200; ++i) {
                const std::string stem = chain + number("-i", i);
                names.insert(names.end(), {stem + ".spi", stem + ".md5"});
                if (i % 24 == 0) names.insert(names.end(), {stem + "-cd.spi", stem + "-cd.md5", stem + "-cd.bitmap"});
                if (i % 168 == 0) names.push_back(stem + levels[i / 168 % 4] + ".spi");
                if (i % 500 == 0) names.push_back(stem + ".spi.tmp");
            }
        }
    }
    return names;
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 2.0;
    const std::vector<std::string> names = realistic_names();
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    std::chrono::duration<double> elapsed{0};
    std::uint64_t parsed = 0;
    std::uint64_t sum = 0;  // of what was read, so that no work can be left out
    do {
        for (const std::string& text : names) {
            const spchain::Name name = spchain::parse(text);
            sum += name.base + name.incremental + name.stem.size() + static_cast<unsigned>(name.kind);
        }
        parsed += names.size();
        elapsed = Clock::now() - start;
    } while (elapsed.count() < seconds);
    const double rate = static_cast<double>(parsed) / elapsed.count();
    std::printf("parse %.0f names per second (bar %.0f, checksum %llu)\n", rate, bar, static_cast<unsigned long long>(sum));
    return rate >= bar ? 0 : 1;
}
