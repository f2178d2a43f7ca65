// Two sessions on a simulated path: throughput, fairness, latency and every limit of time to the millisecond.
#include "tests/support/simulated_link.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace shuttle::core;
using namespace std::chrono_literals;
using imc::testing::Path;
using imc::testing::SimulatedLink;

namespace {

// Opens streams from the server (as a relay does) and sends without end; the client reads everything.
struct Bulk {
    explicit Bulk(SimulatedLink& network, int streams) : link(network), chunk(64 * 1024, 'x'), room(64 * 1024) {
        std::error_code error;
        for (int i = 0; i < streams; ++i) sources.push_back(link.server().open(link.now(), error));
    }

    void act() {
        for (const auto id : sources) {
            while (link.server().write(id, chunk).bytes > 0) {
            }
        }
        while (const auto id = link.client().accept()) received[id] = 0;
        for (auto& [id, bytes] : received) {
            for (;;) {
                const auto progress = link.client().read(id, room, link.now());
                bytes += progress.bytes;
                if (progress.bytes == 0) break;
            }
        }
    }

    [[nodiscard]] std::size_t total() const {
        std::size_t sum = 0;
        for (const auto& [id, bytes] : received) sum += bytes;
        return sum;
    }

    SimulatedLink& link;
    std::vector<Byte> chunk;
    std::vector<Byte> room;
    std::vector<StreamId> sources;
    std::map<StreamId, std::size_t> received;
};

// Megabytes a second over `time`, after two seconds to find its speed.
double rate_of(SimulatedLink& link, Bulk& bulk, Duration time) {
    link.application([&bulk] { bulk.act(); });
    link.run_for(2s);
    const auto before = bulk.total();
    link.run_for(time);
    return static_cast<double>(bulk.total() - before) / std::chrono::duration<double>(time).count() / 1e6;
}

}  // namespace

TEST_CASE("One stream fills a path of 60 ms, more than ten times what a fixed window does") {
    Path path;
    path.delay = 30ms;
    path.bytes_per_second = 100e6;
    path.buffer = 16 << 20;
    Limits fixed;
    fixed.max_window = initial_window;
    SimulatedLink slow(fixed, fixed, path);
    Bulk held_up(slow, 1);
    const auto fixed_rate = rate_of(slow, held_up, 1s);
    CHECK(fixed_rate == Approx(0.262144 / 0.06).epsilon(0.1));

    SimulatedLink link({}, {}, path);
    Bulk bulk(link, 1);
    const auto rate = rate_of(link, bulk, 2s);
    CHECK(rate > 10 * fixed_rate);
    CHECK(rate > 90);
    CHECK(link.client().window_of(bulk.received.begin()->first) <= (6u << 20));
}

TEST_CASE("On a slow path the window stays small, so that no queue is built") {
    Path path;
    path.delay = 30ms;
    path.bytes_per_second = 1e6;
    SimulatedLink link({}, {}, path);
    link.run_for(1s);  // the first ping meets an idle path, as it does when a tunnel was just built
    Bulk bulk(link, 1);
    CHECK(rate_of(link, bulk, 10min) > 0.95);
    CHECK(link.client().window_of(bulk.received.begin()->first) == initial_window);
}

TEST_CASE("Eight streams share a path within a tenth") {
    Path path;
    path.delay = 10ms;
    path.bytes_per_second = 50e6;
    path.buffer = 4 << 20;
    SimulatedLink link({}, {}, path);
    Bulk bulk(link, 8);
    CHECK(rate_of(link, bulk, 3s) > 45);
    REQUIRE(bulk.received.size() == 8);
    const auto mean = static_cast<double>(bulk.total()) / 8;
    for (const auto& [id, bytes] : bulk.received) CHECK(static_cast<double>(bytes) == Approx(mean).epsilon(0.1));
}

TEST_CASE("A stalled reader holds up its own stream only, and no more memory than its window") {
    SimulatedLink link({}, {}, Path{});
    Bulk bulk(link, 1);
    std::error_code error;
    const auto stalled = link.server().open(link.now(), error);
    StreamId unread = 0;
    link.application([&] {
        while (link.server().write(stalled, bulk.chunk).bytes > 0) {
        }
        bulk.act();
        if (bulk.received.size() > 1 && unread == 0) {
            unread = stalled;
            bulk.received.erase(stalled);
        }
    });
    link.run_for(20s);
    CHECK(bulk.total() > 100'000'000);
    CHECK(link.client().held_bytes() < 2 * initial_window);
    CHECK_FALSE(link.client().ended());
}

TEST_CASE("A peer that falls silent is noticed 25 s after its last answer at the latest, to the millisecond") {
    SimulatedLink link({}, {}, Path{});
    link.run_for(1s);  // both first pings are answered at 20 ms
    link.silence(true);
    REQUIRE(link.run_until([&link] { return static_cast<bool>(link.client().ended()); }, 1min));
    CHECK(link.elapsed() == 25'020ms);
    CHECK(link.client().ended() == errc::peer_silent);
    CHECK(link.server().ended() == errc::peer_silent);
}

TEST_CASE("Silence in one direction is noticed by both") {
    for (const bool from_client : {false, true}) {
        SimulatedLink link({}, {}, Path{});
        link.run_for(1s);
        if (from_client) link.silence_from_client(true);
        if (!from_client) link.silence_from_server(true);
        const auto both = [&link] { return link.client().ended() && link.server().ended(); };
        REQUIRE(link.run_until(both, 45s));
    }
}

TEST_CASE("Silence under full load is noticed within 45 s") {
    Path path;
    path.bytes_per_second = 10e6;
    SimulatedLink link({}, {}, path);
    Bulk bulk(link, 3);
    link.application([&bulk] { bulk.act(); });
    link.run_for(7s);
    link.silence(true);
    const auto both = [&link] { return link.client().ended() && link.server().ended(); };
    REQUIRE(link.run_until(both, 45s));
}

TEST_CASE("A peer that stops reading is given up 20 s after the transport was full, to the millisecond") {
    Path path;
    path.buffer = 100'000;
    path.bytes_per_second = 1e6;
    SimulatedLink link({}, {}, path);
    std::error_code error;
    const auto id = link.server().open(link.now(), error);
    const std::vector<Byte> chunk(64 * 1024);
    link.run_for(1s);
    link.freeze_client(true);
    while (link.server().write(id, chunk).bytes > 0) {
    }
    REQUIRE(link.run_until([&link] { return static_cast<bool>(link.server().ended()); }, 1min));
    CHECK(link.server().ended() == errc::write_stalled);
    CHECK(link.elapsed() == 21s);
}

TEST_CASE("A full slow path is not mistaken for death") {
    Path path;
    path.delay = 300ms;
    path.bytes_per_second = 20'000;
    path.buffer = 150'000;  // of which every ping has up to 7.5 s in front of it
    SimulatedLink link({}, {}, path);
    Bulk bulk(link, 2);
    link.application([&bulk] { bulk.act(); });
    link.run_for(10min);
    CHECK_FALSE(link.client().ended());
    CHECK_FALSE(link.server().ended());
    CHECK(bulk.total() > 11'000'000);
}

TEST_CASE("A freeze shorter than the limits is survived, nothing is lost") {
    SimulatedLink link({}, {}, Path{});
    Bulk bulk(link, 2);
    link.application([&bulk] { bulk.act(); });
    link.run_for(1s);
    link.freeze_client(true);
    link.freeze_server(true);
    link.run_for(9s);
    link.freeze_client(false);
    link.freeze_server(false);
    const auto before = bulk.total();
    link.run_for(5s);
    CHECK_FALSE(link.client().ended());
    CHECK(bulk.total() > before + 10'000'000);
}

TEST_CASE("A small request beside a bulk stream waits for a frame, not for the bulk") {
    Path path;
    path.delay = 5ms;
    path.bytes_per_second = 10e6;
    path.buffer = 64 * 1024;
    SimulatedLink link({}, {}, path);
    Bulk bulk(link, 4);
    link.application([&bulk] { bulk.act(); });
    link.run_for(3s);
    std::error_code error;
    const auto asked = link.now();
    const auto id = link.server().open(link.now(), error);
    link.server().write(id, std::vector<Byte>(100));
    bulk.received.erase(id);
    REQUIRE(link.run_until([&] { return bulk.received[id] == 100; }, 1s));
    // 5 ms of path, what the transport had already taken, and one frame of each other stream at 1.6 ms.
    CHECK(link.now() - asked < 25ms);
}

TEST_CASE("An idle session says little: one ping and its answer each way every 15 s") {
    SimulatedLink link({}, {}, Path{});
    link.run_for(1h);
    CHECK_FALSE(link.client().ended());
    CHECK(link.frames() < 4 * 240 + 10);
}
