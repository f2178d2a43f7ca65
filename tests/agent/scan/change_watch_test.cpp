#include "agent/scan/change_watch.hpp"

#include "tests/agent/scan/temporary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

using namespace imc::scan;
using imc::test::Temporary;
using std::chrono::milliseconds;

namespace {

std::unique_ptr<ChangeWatch> must_make() {
    auto made = ChangeWatch::make();
    REQUIRE(made.has_value());
    return std::move(*made);
}

// Hears until something fits; false when nothing does within ten seconds.
template <class Fits>
bool hears(ChangeWatch& watch, Fits fits) {
    for (int i = 0; i < 100; ++i) {
        if (fits(watch.wait(milliseconds(100)))) return true;
    }
    return false;
}

bool hears_change(ChangeWatch& watch, const std::string& directory) {
    return hears(
        watch, [&](const Heard& heard) { return std::find(heard.changed.begin(), heard.changed.end(), directory) != heard.changed.end(); });
}

void settle(ChangeWatch& watch) {
    while (!watch.wait(milliseconds(200)).empty()) {
    }
}

}  // namespace

TEST_CASE("A file that appears, changes, is renamed or goes is heard, and in its own directory only") {
    const Temporary here;
    here.directory("a");
    here.directory("b");
    const auto watch = must_make();
    REQUIRE(watch->listen({here.path("a"), here.path("b")}).empty());
    CHECK(watch->wait(milliseconds(0)).empty());
    here.file("a/C_VOL-b001.spf", 10);
    CHECK(hears_change(*watch, here.path("a")));
    settle(*watch);
    here.file("a/C_VOL-b001.spf", 20);
    CHECK(hears_change(*watch, here.path("a")));
    settle(*watch);
    std::filesystem::rename(here.path("a/C_VOL-b001.spf"), here.path("b/C_VOL-b001.spf"));
    bool a = false;
    bool b = false;
    CHECK(hears(*watch, [&](const Heard& heard) {
        for (const auto& directory : heard.changed) (directory == here.path("a") ? a : b) = true;
        return a && b;
    }));
    settle(*watch);
    std::filesystem::remove(here.path("b/C_VOL-b001.spf"));
    CHECK(hears(*watch, [&](const Heard& heard) { return heard.changed == std::vector<std::string>{here.path("b")}; }));
}

TEST_CASE("Nothing is heard of sub-directories' files, nor of a directory that is not asked for any more") {
    const Temporary here;
    here.directory("a/Incrementals");
    here.directory("b");
    const auto watch = must_make();
    REQUIRE(watch->listen({here.path("a"), here.path("b")}).empty());
    REQUIRE(watch->listen({here.path("a")}).empty());
    // Where the system keeps times of sub-directories in the directory itself, the first file in one may be heard.
    here.file("a/Incrementals/x", 1);
    settle(*watch);
    here.file("b/y", 1);
    CHECK(watch->wait(milliseconds(300)).empty());
    here.file("a/y", 1);
    CHECK(hears_change(*watch, here.path("a")));
}

TEST_CASE("What cannot be listened to is told and tried again") {
    const Temporary here;
    here.file("file", 1);
    const auto watch = must_make();
    const auto silent = watch->listen({here.path("file"), here.path("later")});
    REQUIRE(silent.size() == 2);
    CHECK(silent[0].directory == here.path("file"));
    CHECK(silent[0].why == Silence::unreadable);
    CHECK(silent[1].why == Silence::unreadable);
    here.directory("later");
    CHECK(watch->listen({here.path("later")}).empty());
    here.file("later/x", 1);
    CHECK(hears_change(*watch, here.path("later")));
}

TEST_CASE("A directory that is removed is told as ended and is really gone") {
    const Temporary here;
    here.directory("a");
    const auto watch = must_make();
    REQUIRE(watch->listen({here.path("a")}).empty());
    std::filesystem::remove(here.path("a"));
    std::error_code unknown;
    if (std::filesystem::exists(here.path("a"), unknown)) {
        // Wine keeps what somebody has open, and does not say that it is going.
        CHECK(watch->listen({}).empty());
        settle(*watch);
        CHECK_FALSE(std::filesystem::exists(here.path("a"), unknown));
        return;
    }
    // Where the system does not tell, the next listen() finds out.
    CHECK(hears(*watch, [&](const Heard& heard) {
        const auto ended = heard.ended.empty() ? watch->listen({here.path("a")}) : heard.ended;
        return ended.size() == 1 && ended[0].directory == here.path("a") && ended[0].why == Silence::ended;
    }));
    settle(*watch);
    CHECK_FALSE(std::filesystem::exists(here.path("a")));
    here.directory("a");
    REQUIRE(watch->listen({here.path("a")}).empty());
    here.file("a/x", 1);
    CHECK(hears_change(*watch, here.path("a")));
}

TEST_CASE("A directory that is renamed is told as ended, and another in its place is listened to") {
    const Temporary here;
    here.directory("a");
    const auto watch = must_make();
    REQUIRE(watch->listen({here.path("a")}).empty());
    std::filesystem::rename(here.path("a"), here.path("b"));
    here.directory("a");
    CHECK(hears(*watch, [&](const Heard& heard) {
        const auto ended = heard.ended.empty() ? watch->listen({here.path("a")}) : heard.ended;
        return ended.size() == 1 && ended[0].directory == here.path("a") && ended[0].why == Silence::ended;
    }));
    REQUIRE(watch->listen({here.path("a")}).empty());
    here.file("b/x", 1);
    here.file("a/x", 1);
    CHECK(hears_change(*watch, here.path("a")));
}

TEST_CASE("More changes than anything can hold are still heard as a change, and later ones, too") {
    const Temporary here;
    here.directory("a");
    const auto watch = must_make();
    REQUIRE(watch->listen({here.path("a")}).empty());
    for (int i = 0; i < 2'000; ++i) here.file("a/a-name-long-enough-to-fill-whatever-gathers-them-" + std::to_string(i));
    CHECK(hears_change(*watch, here.path("a")));
    settle(*watch);
    here.file("a/last", 1);
    CHECK(hears_change(*watch, here.path("a")));
}

TEST_CASE("A wait ends when another thread wakes it, and a wake before the wait counts") {
    const auto watch = must_make();
    watch->wake();
    CHECK(watch->wait(std::chrono::hours(1)).empty());
    std::thread other([&] { watch->wake(); });
    CHECK(watch->wait(std::chrono::hours(1)).empty());
    other.join();
}

TEST_CASE("An overflow is known by each of its three faces") {
    CHECK(notification(0, 0, 0) == Notification::lost);
    CHECK(notification(1022, 0, 0xC0000000) == Notification::lost);
    CHECK(notification(0, 0, 0x10C) == Notification::lost);
    CHECK(notification(0, 48, 0) == Notification::changed);
    CHECK(notification(5, 0, 0xC0000022) == Notification::ended);    // access denied: the directory is going
    CHECK(notification(995, 0, 0xC0000120) == Notification::ended);  // cancelled
    CHECK(notification(64, 0, 0xC00000C9) == Notification::ended);   // the share went away
}
