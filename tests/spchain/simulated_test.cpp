// The analysis against the truth of simulated servers: never certain where it must not be, and rarely wrong otherwise.
#include "tests/support/truth.hpp"

#include <catch2/catch.hpp>

using truth::Score;

namespace {

struct Folder {
    generator::Plan plan;
    std::vector<generator::TrueImage> all;
    spchain::UnixTime now = 0;

    explicit Folder(std::uint64_t seed) : plan(truth::random_plan(seed)), all(generator::simulate(plan)) {
        now = generator::instant(plan.calendar, plan.first_day + plan.days, 10 * 60);
    }
    [[nodiscard]] spchain::FolderInput input(const std::vector<spchain::Entry>& entries) const {
        spchain::FolderInput in;
        in.entries = entries;
        in.now = now;
        in.rules.calendar = plan.calendar;
        in.rules.expect_md5 = false;
        return in;
    }
};

double percent(std::uint64_t part, std::uint64_t whole) {
    return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

TEST_CASE("with intact times, losses are noticed and whole chains are left in peace") {
    Score score;
    for (std::uint64_t seed = 1; seed <= 2500; ++seed) {
        const Folder folder(seed);
        auto files = generator::at(folder.all, folder.now);
        generator::Random random(seed * 77 + 5);
        // Every fourth server has lost nothing.
        if (seed % 4 != 0) truth::lose(files, 1 + random.below(4), random, seed % 16 == 1);
        const auto entries = truth::listing(files);
        score.add(truth::compare(files, folder.input(entries)));
    }
    INFO("unreachable: " << score.unreachable[0] << " broken, " << score.unreachable[1] << " doubtful, " << score.unreachable[2]
                         << " presumed; reachable: " << score.reachable[0] << " broken, " << score.reachable[1] << " doubtful of "
                         << score.all_reachable());
    REQUIRE(score.all_unreachable() > 50'000);
    CHECK(score.unreachable[3] == 0);
    CHECK(percent(score.unreachable[0] + score.unreachable[1], score.all_unreachable()) >= 97.0);
    CHECK(percent(score.reachable[1], score.all_reachable()) <= 1.5);
    CHECK(percent(score.reachable[0], score.all_reachable()) <= 0.1);
}

TEST_CASE("with lost, shuffled or shifted times nothing unreachable is certain") {
    Score score;
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
        const Folder folder(seed + 10'000);
        auto files = generator::at(folder.all, folder.now);
        generator::Random random(seed);
        truth::lose(files, 1 + random.below(5), random);
        for (auto& file : files) {
            if (seed % 3 == 0) file.entry.written = folder.now - 100'000;
            if (seed % 3 == 1) file.entry.written = folder.now - static_cast<spchain::UnixTime>(random.below(40'000'000));
            if (seed % 3 == 2) file.entry.written += static_cast<spchain::UnixTime>(random.below(4 * 86'400)) - 2 * 86'400;
        }
        const auto entries = truth::listing(files);
        score.add(truth::compare(files, folder.input(entries)));
    }
    REQUIRE(score.all_unreachable() > 5'000);
    CHECK(score.unreachable[3] == 0);
}

TEST_CASE("with its own history of the folder the agent is left with no doubt") {
    Score watched;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Folder folder(seed + 20'000);
        folder.plan.days = std::min(folder.plan.days, 150);
        folder.all = generator::simulate(folder.plan);
        const auto last = folder.plan.first_day + folder.plan.days;
        std::vector<spchain::Memory> memory;
        spchain::UnixTime previous = spchain::no_time;
        std::vector<generator::TrueImage> files;
        for (auto day = folder.plan.first_day; day <= last; ++day) {
            for (const int minute : {6 * 60, 13 * 60, 22 * 60}) {
                folder.now = generator::instant(folder.plan.calendar, day, minute);
                files = generator::at(folder.all, folder.now);
                const auto entries = truth::listing(files);
                auto input = folder.input(entries);
                input.memory = memory;
                input.previous_look = previous;
                auto report = spchain::analyse(input);
                memory = std::move(report.memory);
                previous = folder.now;
            }
        }
        generator::Random random(seed);
        truth::lose(files, 1 + random.below(4), random);
        const auto entries = truth::listing(files);
        folder.now += 600;
        auto input = folder.input(entries);
        input.memory = memory;
        input.previous_look = previous;
        watched.add(truth::compare(files, input));
    }
    INFO("unreachable: " << watched.unreachable[0] << " broken, " << watched.unreachable[1] << " doubtful, " << watched.unreachable[2]
                         << " presumed; reachable: " << watched.reachable[0] << " broken, " << watched.reachable[1] << " doubtful, "
                         << watched.reachable[2] << " presumed, " << watched.reachable[3] << " certain");
    REQUIRE(watched.all_unreachable() > 500);
    CHECK(watched.unreachable[1] + watched.reachable[1] == 0);
    CHECK(watched.unreachable[2] + watched.unreachable[3] == 0);
    CHECK(watched.reachable[0] == 0);
    CHECK(percent(watched.reachable[3], watched.all_reachable()) >= 90.0);
}

TEST_CASE("a single look before the loss is enough to leave nothing new in doubt") {
    Score seen;
    for (std::uint64_t seed = 1; seed <= 800; ++seed) {
        Folder folder(seed + 30'000);
        auto files = generator::at(folder.all, folder.now);
        const auto before = truth::listing(files);
        auto first = spchain::analyse(folder.input(before));
        generator::Random random(seed);
        truth::lose(files, 1 + random.below(4), random);
        const auto after = truth::listing(files);
        const auto previous = folder.now;
        folder.now += 600;
        auto input = folder.input(after);
        input.memory = first.memory;
        input.previous_look = previous;
        seen.add(truth::compare(files, input));
    }
    INFO("unreachable: " << seen.unreachable[0] << " broken, " << seen.unreachable[1] << " doubtful, " << seen.unreachable[2]
                         << " presumed; reachable: " << seen.reachable[0] << " broken, " << seen.reachable[1] << " doubtful");
    REQUIRE(seen.all_unreachable() > 5'000);
    CHECK(seen.unreachable[3] == 0);
    CHECK(percent(seen.unreachable[0] + seen.unreachable[1], seen.all_unreachable()) >= 99.0);
    CHECK(percent(seen.reachable[1], seen.all_reachable()) <= 0.5);
    CHECK(percent(seen.reachable[0], seen.all_reachable()) <= 0.1);
}
