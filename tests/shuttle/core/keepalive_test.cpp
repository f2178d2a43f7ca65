#include "shuttle/core/keepalive.hpp"

#include "shuttle/core/backoff.hpp"
#include "shuttle/core/token_bucket.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

using namespace shuttle::core;
using namespace std::chrono_literals;

namespace {

struct Asking {
    TimePoint now{};
    Keepalive keepalive{Limits{}, now};

    void ask() {
        REQUIRE(keepalive.due());
        keepalive.handed_out(now);
        keepalive.written(now);
    }
    void at(Duration time) { now = TimePoint{} + time; }
};

}  // namespace

TEST_CASE("The first ping is due at once, the next fifteen seconds after the answer") {
    Asking it;
    it.ask();
    CHECK_FALSE(it.keepalive.due());
    it.at(40ms);
    it.keepalive.answered(it.keepalive.value(), it.now);
    CHECK(it.keepalive.round_trip().least() == Duration(40ms));
    CHECK(it.keepalive.deadline() == TimePoint{} + 15'040ms);
    it.at(15'040ms);
    CHECK(it.keepalive.tick(it.now));
    CHECK(it.keepalive.due());
}

TEST_CASE("A ping without an answer is the end after ten seconds, to the nanosecond") {
    Asking it;
    it.ask();
    CHECK(it.keepalive.deadline() == TimePoint{} + 10s);
    CHECK(it.keepalive.tick(TimePoint{} + 10s - 1ns));
    CHECK_FALSE(it.keepalive.tick(TimePoint{} + 10s));
}

TEST_CASE("The limit of a ping does not count our own backlog") {
    Asking it;
    it.keepalive.handed_out(it.now);
    CHECK(it.keepalive.deadline() == never);
    it.at(14s);
    CHECK(it.keepalive.tick(it.now));
    it.keepalive.written(it.now);
    CHECK(it.keepalive.deadline() == TimePoint{} + 24s);
}

TEST_CASE("Any byte prolongs the limit of a ping, but not beyond the cap") {
    Asking it;
    it.ask();
    for (auto second = 5s; second < 60s; second += 5s) {
        it.at(second);
        REQUIRE(it.keepalive.tick(it.now));
        it.keepalive.heard(it.now);
    }
    CHECK(it.keepalive.deadline() == TimePoint{} + 60s);
    CHECK_FALSE(it.keepalive.tick(TimePoint{} + 60s));
}

TEST_CASE("Only the answer to the last ping counts") {
    Asking it;
    it.ask();
    it.keepalive.answered(it.keepalive.value() + 1, it.now);
    CHECK_FALSE(it.keepalive.round_trip().least());
    it.at(2s);
    const auto old = it.keepalive.value();
    it.keepalive.probe(it.now, 3s);
    it.ask();
    it.keepalive.answered(old, it.now);
    CHECK(it.keepalive.deadline() == TimePoint{} + 5s);
    CHECK_FALSE(it.keepalive.tick(TimePoint{} + 5s));
}

TEST_CASE("Probing again and again does not put the end off") {
    Asking it;
    it.keepalive.probe(it.now, 3s);
    it.ask();
    for (int i = 1; i < 30; ++i) {
        it.at(i * 100ms);
        it.keepalive.probe(it.now, 3s);
        CHECK_FALSE(it.keepalive.due());
    }
    CHECK(it.keepalive.deadline() == TimePoint{} + 3s);
}

TEST_CASE("The round trip is the least of the last 64 pings") {
    RoundTrip round_trip;
    round_trip.add(20ms);
    round_trip.add(900ms);
    CHECK(round_trip.least() == Duration(20ms));
    CHECK(round_trip.last() == Duration(900ms));
    for (int i = 0; i < 63; ++i) round_trip.add(50ms);
    CHECK(round_trip.least() == Duration(50ms));
}

TEST_CASE("Pauses are full jitter from the first on, up to 1 s, 2 s, 4 s and so on to 60 s") {
    std::mt19937_64 random(3);
    const Duration most[] = {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s};
    for (int run = 0; run < 300; ++run) {
        Backoff backoff;
        for (const auto limit : most) {
            const auto pause = backoff.after_failure({}, random());
            REQUIRE(pause >= 0s);
            REQUIRE(pause <= limit);
        }
    }
    for (const auto& [bits, pause] : {std::pair<std::uint64_t, Duration>{0, 0ms}, {1'000, 1'000ms}, {777, 777ms}}) {
        CHECK(Backoff().after_failure({}, bits) == pause);
    }
}

TEST_CASE("A thousand agents that lose their relay at once come back spread over the first second") {
    std::mt19937_64 random(4);
    int tenths[10] = {};
    for (int i = 0; i < 1'000; ++i) {
        Backoff backoff;
        backoff.connected({});
        const auto pause = backoff.after_failure(TimePoint{} + 1h, random());
        ++tenths[std::min<long long>(pause / 100ms, 9)];
    }
    for (const auto count : tenths) CHECK(count < 160);
}

TEST_CASE("Only a healthy minute lets pauses begin anew") {
    const auto after = [](Duration up) {
        Backoff backoff;
        for (int i = 0; i < 5; ++i) static_cast<void>(backoff.after_failure({}, 0));
        backoff.connected({});
        static_cast<void>(backoff.after_failure(TimePoint{} + up, 0));
        return backoff.failures();
    };
    CHECK(after(59'999ms) == 6);
    CHECK(after(60s) == 1);
}

TEST_CASE("After a refusal the pause is five to six minutes") {
    std::mt19937_64 random(5);
    Backoff backoff;
    std::set<Duration> seen;
    for (int i = 0; i < 200; ++i) {
        const auto pause = backoff.after_refusal({}, random());
        REQUIRE(pause >= 5min);
        REQUIRE(pause <= 6min);
        seen.insert(pause);
    }
    CHECK(seen.size() > 150);
}

TEST_CASE("A relay may say when to come back, within reason") {
    Backoff backoff;
    CHECK(backoff.as_told({}, 2s, 4s, 0) == Duration(2s));
    CHECK(backoff.as_told({}, 2s, 4s, 2'000) == Duration(4s));
    CHECK(backoff.as_told({}, 24h, 48h, 12'345) == Duration(15min));
    CHECK(backoff.as_told({}, -5s, -1s, 12'345) == Duration(0s));
    CHECK(backoff.as_told({}, 4s, 2s, 12'345) == Duration(4s));
    CHECK(backoff.failures() == 0);
}

TEST_CASE("A bucket allows its burst, then its rate, and never saves up more than the burst") {
    TimePoint now{};
    TokenBucket bucket(10, 2, now);
    const auto taken = [&bucket, &now] {
        int count = 0;
        while (bucket.take(now)) ++count;
        return count;
    };
    CHECK(taken() == 10);
    now += 3s;
    CHECK(taken() == 6);
    now += 1h;
    CHECK(taken() == 10);
}
