// Processes that are killed and disks that are full, as POSIX does it.
#include "agent/store/migration.hpp"
#include "agent/store/settings.hpp"
#include "tests/agent/store/endless_changes.hpp"
#include "tests/agent/store/support.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace imc::store;
using namespace imc::test;

namespace {

// Runs `job` in a child that may write files of at most `limit` bytes; gives its exit code.
template <class Job>
int with_file_limit(rlim_t limit, Job job) {
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit most{limit, limit};
        if (setrlimit(RLIMIT_FSIZE, &most) != 0) _exit(100);
        _exit(job());
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("killed at any moment, the history holds one whole change") {
    const Temporary here;
    const std::string path = here.path("h.db");
    std::uint64_t mark = 1;
    for (int round = 0; round < 20; ++round) {
        int started[2];
        REQUIRE(pipe(started) == 0);
        const pid_t child = fork();
        if (child == 0) apply_for_ever(path, mark, [&] { [[maybe_unused]] const auto told = write(started[1], "x", 1); });
        close(started[1]);
        char byte = 0;
        REQUIRE(read(started[0], &byte, 1) == 1);
        close(started[0]);
        // Steps that share no factor with the length of a change, to hit it at different places.
        usleep(static_cast<useconds_t>(700 + round * 1'733));
        kill(child, SIGKILL);
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        const std::uint64_t found = check_whole(path);
        CHECK(found >= mark);
        mark = found + 1;
    }
}

TEST_CASE("on a full disk a change fails as full, nothing of it is kept, and it succeeds when there is room") {
    const Temporary here;
    const std::string path = here.path("h.db");
    REQUIRE(open_history(path).history.apply(change("/srv/a", 10, 1), 1).has_value());
    const int code = with_file_limit(200'000, [&] {
        auto opened = History::open(path, History::Mode::read_write, 2);
        if (!opened) return 10;
        const auto big = opened->history.apply(change("/srv/a", 20'000, 2), 2);
        if (big || big.error() != errc::full) return 11;
        if (opened->history.folders().value().at(0).image_bytes != 1) return 12;
        if (opened->history.memory(folder_id("/srv/a")).value().size() != 10) return 13;
        if (!opened->history.apply(change("/srv/a", 12, 3), 3)) return 14;
        return 0;
    });
    CHECK(code == 0);
    auto opened = open_history(path);
    CHECK(opened.set_aside.empty());
    CHECK(opened.history.folders().value()[0].image_bytes == 3);
    CHECK(opened.history.memory(folder_id("/srv/a")).value().size() == 12);
    CHECK(opened.history.apply(change("/srv/a", 20'000, 4), 4).has_value());
}

TEST_CASE("on a full disk settings fail as full and keep what they had") {
    const Temporary here;
    const std::string path = here.path("s.db");
    {
        auto settings = Settings::open(path).value();
        REQUIRE(settings.adopt({"/srv/a", "normal", "Acme", "", false, 1}, {}).has_value());
    }
    const int code = with_file_limit(100'000, [&] {
        auto settings = Settings::open(path);
        if (!settings) return 10;
        const auto done = settings->set_volume_settings("vol_1", {1, std::string(300'000, 'x'), ""}, {});
        if (done || done.error() != errc::full) return 11;
        return settings->adopted().value().size() == 1 && settings->volume_settings().value().empty() ? 0 : 12;
    });
    CHECK(code == 0);
    auto settings = Settings::open(path).value();
    CHECK(settings.adopted().value().size() == 1);
    CHECK(settings.volume_settings().value().empty());
}
