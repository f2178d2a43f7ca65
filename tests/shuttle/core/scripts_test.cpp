// Scripts of what two applications do with a tunnel, and every way in which it can fail between any two steps. After a
// failure nobody may wait for ever, nothing may be kept, and nobody may take a torn stream for a whole one.
#include "tests/support/simulated_link.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <string>

using namespace shuttle::core;
using namespace std::chrono_literals;
using imc::testing::Path;
using imc::testing::SimulatedLink;

namespace {

// Both ends, and applications that notice what they are told.
struct World {
    World() : link({}, {}, Path{}) {}

    struct Seen {
        std::string text;
        std::error_code end;  // set when reading has ended
    };

    void open(bool by_server, const std::string& text, bool finish) {
        auto& session = by_server ? link.server() : link.client();
        std::error_code error;
        const auto id = session.open(link.now(), error);
        if (id == 0) return;
        ids[by_server].push_back(id);
        seen[by_server][id] = {};
        write(by_server, id, text, finish);
    }
    void write(bool by_server, StreamId id, const std::string& text, bool finish) {
        auto& session = by_server ? link.server() : link.client();
        session.write(id, {reinterpret_cast<const Byte*>(text.data()), text.size()});
        if (finish) session.shutdown(id);
    }
    // Takes what comes on both sides, and looks at a stream only when it was told to.
    void act() {
        for (const bool at_server : {false, true}) {
            auto& session = at_server ? link.server() : link.client();
            while (const auto id = session.accept()) {
                ids[at_server].push_back(id);
                read(at_server, id);
            }
            while (const auto event = session.next_event()) {
                if (event->readable) read(at_server, event->stream);
            }
        }
    }
    void read(bool at_server, StreamId id) {
        auto& session = at_server ? link.server() : link.client();
        std::array<Byte, 5'000> piece{};
        auto& into = seen[at_server][id];
        while (!into.end) {
            const auto progress = session.read(id, piece, link.now());
            into.text.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(progress.bytes));
            into.end = progress.error;
            if (progress.bytes == 0) return;
        }
    }
    void release_all() {
        for (const bool at_server : {false, true}) {
            auto& session = at_server ? link.server() : link.client();
            for (const auto id : ids[at_server]) session.release(id, link.now());
            ids[at_server].clear();
        }
    }

    SimulatedLink link;
    std::map<bool, std::vector<StreamId>> ids;  // by whether at the server
    std::map<bool, std::map<StreamId, Seen>> seen;
};

struct Step {
    const char* says;
    std::function<void(World&)> take;
};

struct Script {
    const char* name;
    std::vector<Step> steps;
    std::map<bool, std::map<StreamId, std::string>> whole;  // what each side reads to the end when nothing fails
};

Step wait(Duration time) {
    return {"wait", [time](World& world) { world.link.run_for(time); }};
}
Step open(bool by_server, std::string text, bool finish) {
    return {"open", [=](World& world) { world.open(by_server, text, finish); }};
}
Step write(bool by_server, StreamId id, std::string text, bool finish) {
    return {"write", [=](World& world) { world.write(by_server, id, text, finish); }};
}

const std::string big(100'000, 'b');

std::vector<Script> scripts() {
    return {
        {"the relay asks, the agent answers",
         {wait(100ms), open(true, "GET", true), wait(100ms), write(false, 2, big, true), wait(1s)},
         {{false, {{2, "GET"}}}, {true, {{2, big}}}}},
        {"both open at once and talk at length",
         {open(true, big, false), open(false, big, false), wait(50ms), write(false, 2, big, true), write(true, 1, big, true), wait(500ms),
          write(true, 2, "end", true), write(false, 1, "end", true), wait(1s)},
         {{false, {{2, big + "end"}, {1, big}}}, {true, {{2, big}, {1, big + "end"}}}}},
        {"the agent half closes and reads on",
         {open(false, "question", true), wait(20s), write(true, 1, "a late answer", false), wait(20s), write(true, 1, "!", true), wait(1s)},
         {{true, {{1, "question"}}}, {false, {{1, "a late answer!"}}}}},
        {"the relay drains",
         {open(true, "one", false),
          wait(1s),
          {"go away", [](World& world) { world.link.server().go_away(); }},
          wait(1s),
          open(true, "refused", true),
          open(false, "refused", true),
          write(true, 2, "two", true),
          write(false, 2, "three", true),
          wait(1s)},
         {{false, {{2, "onetwo"}}}, {true, {{2, "three"}}}}},
    };
}

struct Fault {
    const char* name;
    std::function<void(World&)> strike;
};

std::vector<Fault> faults() {
    return {
        {"the transport ends", [](World& world) { world.link.cut(); }},
        {"all goes silent", [](World& world) { world.link.silence(true); }},
        {"the agent's bytes are lost", [](World& world) { world.link.silence_from_client(true); }},
        {"the relay's bytes are lost", [](World& world) { world.link.silence_from_server(true); }},
        {"the agent freezes", [](World& world) { world.link.freeze_client(true); }},
        {"the relay freezes", [](World& world) { world.link.freeze_server(true); }},
        {"the agent closes", [](World& world) { world.link.client().close(GoAwayCode::normal); }},
        {"the relay closes", [](World& world) { world.link.server().close(GoAwayCode::internal_error); }},
        {"rubbish reaches the agent", [](World& world) { world.link.client().receive(std::vector<Byte>(12, 0xff), world.link.now()); }},
        {"rubbish reaches the relay", [](World& world) { world.link.server().receive(std::vector<Byte>(12, 0xff), world.link.now()); }},
        {"bytes get lost on the way to the agent",
         [](World& world) { world.link.client().receive(std::vector<Byte>(5, 0), world.link.now()); }},
    };
}

void play(World& world, const Script& script, std::size_t from, std::size_t to) {
    for (auto i = from; i < to; ++i) script.steps[i].take(world);
}

// Every stream has been told its end, and a whole one is whole.
void check_told(const World& world, const Script& script) {
    for (const auto& [at_server, streams] : world.seen) {
        for (const auto& [id, seen] : streams) {
            INFO((at_server ? "relay" : "agent") << ", stream " << id << ": " << seen.end.message());
            REQUIRE(seen.end);
            const auto whole = script.whole.contains(at_server) && script.whole.at(at_server).contains(id)
                                   ? script.whole.at(at_server).at(id)
                                   : std::string();
            if (seen.end == errc::end_of_stream) REQUIRE((seen.text.empty() || seen.text.size() == whole.size()));
            REQUIRE(whole.starts_with(seen.text));
        }
    }
}

void check_nothing_kept(Session& session, TimePoint now) {
    REQUIRE(session.streams() == 0);
    REQUIRE(session.held_bytes() == 0);
    REQUIRE(session.deadline() == never);
    REQUIRE_FALSE(session.next_event());
    REQUIRE(session.accept() == 0);
    std::vector<Byte> out;
    while (session.send(out, now)) {
    }
    REQUIRE(out.size() <= header_bytes);
    REQUIRE_FALSE(session.wants_to_send());
}

}  // namespace

TEST_CASE("Every script does what it says when nothing fails") {
    for (const auto& script : scripts()) {
        INFO(script.name);
        World world;
        world.link.application([&world] { world.act(); });
        play(world, script, 0, script.steps.size());
        for (const auto& [at_server, streams] : script.whole) {
            for (const auto& [id, text] : streams) {
                INFO((at_server ? "relay" : "agent") << ", stream " << id);
                CHECK(world.seen[at_server][id].text == text);
                CHECK(world.seen[at_server][id].end == errc::end_of_stream);
            }
        }
        world.release_all();
        CHECK(world.link.client().streams() + world.link.server().streams() == 0);
        CHECK_FALSE(world.link.client().ended());
        CHECK_FALSE(world.link.server().ended());
    }
}

TEST_CASE("Every step of every script is failed in turn, in every way, and both sides come to a clean end") {
    int played = 0;
    for (const auto& script : scripts()) {
        for (const auto& fault : faults()) {
            for (std::size_t failing = 0; failing <= script.steps.size(); ++failing) {
                INFO(script.name << ": " << fault.name << " before step " << failing);
                World world;
                world.link.application([&world] { world.act(); });
                play(world, script, 0, failing);
                fault.strike(world);
                play(world, script, failing, script.steps.size());
                const auto over = [&world] { return world.link.client().ended() && world.link.server().ended(); };
                world.link.run_until(over, 45s);
                // A side that was only told goodbye waits for its transport to end, which the other side now does.
                REQUIRE((world.link.client().ended() || world.link.server().ended()));
                world.link.cut();
                world.act();
                check_told(world, script);
                world.release_all();
                check_nothing_kept(world.link.client(), world.link.now());
                check_nothing_kept(world.link.server(), world.link.now());
                ++played;
            }
        }
    }
    CHECK(played > 300);
}

TEST_CASE("A stream that fails at any step leaves its neighbours alone") {
    for (const auto& script : scripts()) {
        for (std::size_t failing = 0; failing <= script.steps.size(); ++failing) {
            INFO(script.name << " before step " << failing);
            World world;
            world.link.application([&world] { world.act(); });
            play(world, script, 0, failing);
            for (const auto& [at_server, ids] : world.ids) {
                for (const auto id : ids) (at_server ? world.link.server() : world.link.client()).reset(id);
            }
            play(world, script, failing, script.steps.size());
            world.link.run_for(1s);
            REQUIRE_FALSE(world.link.client().ended());
            REQUIRE_FALSE(world.link.server().ended());
            world.release_all();
            world.link.run_for(2min);
            REQUIRE(world.link.client().streams() + world.link.server().streams() == 0);
            REQUIRE(world.link.client().held_bytes() + world.link.server().held_bytes() == 0);
        }
    }
}
