// The session as a whole: pings, go-away, ends, limits of time.
#include "shuttle/core/session.hpp"

#include "tests/support/raw_peer.hpp"

#include <catch2/catch.hpp>

using namespace shuttle::core;
using namespace std::chrono_literals;
using imc::testing::RawPeer;

TEST_CASE("A session begins with a ping, which measures the path") {
    RawPeer peer(Role::client);
    CHECK(peer.session.wants_to_send());
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header.type == FrameType::ping);
    CHECK(heard[0].header.flags == flag::syn);
    CHECK(heard[0].header.stream == 0);
    peer.pass(25ms);
    peer.say(FrameType::ping, flag::ack, 0, heard[0].header.length);
    CHECK(peer.session.round_trip().least() == Duration(25ms));
}

TEST_CASE("A ping is answered with its own value before anything else is said") {
    RawPeer peer(Role::server);
    std::error_code error;
    const auto id = peer.session.open(peer.now, error);
    peer.write(id, "data");
    peer.say(FrameType::ping, flag::syn, 0, 0xdeadbeef);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 4);
    CHECK(heard[0].header == FrameHeader{FrameType::ping, flag::ack, 0, 0xdeadbeef});
    CHECK(heard[1].header.type == FrameType::ping);
    CHECK(heard[2].header == FrameHeader{FrameType::window_update, flag::syn, id, 0});
    CHECK(heard[3].header == FrameHeader{FrameType::data, 0, id, 4});
}

TEST_CASE("Silence ends a session at the limit of the ping") {
    RawPeer peer(Role::client);
    peer.answer_ping(10ms);
    const auto answered = peer.now;
    peer.tick_at_deadlines(answered + 25s - 1ms);
    CHECK_FALSE(peer.session.ended());
    peer.tick_at_deadlines(answered + 25s);
    CHECK(peer.session.ended() == errc::peer_silent);
    CHECK(peer.session.deadline() == never);
}

TEST_CASE("A transport that takes nothing ends the session at the write limit") {
    RawPeer peer(Role::client);
    std::vector<Byte> out;
    REQUIRE(peer.session.send(out, peer.now));  // and nobody says written()
    CHECK(peer.session.deadline() == peer.now + 20s);
    for (int i = 1; i < 20; ++i) {
        peer.pass(1s);
        peer.say(FrameType::ping, flag::syn, 0, 1);  // being alive does not help
        peer.session.tick(peer.now);
        REQUIRE_FALSE(peer.session.ended());
    }
    peer.pass(1s);
    peer.session.tick(peer.now);
    CHECK(peer.session.ended() == errc::write_stalled);
}

TEST_CASE("A go-away stops new streams and lets the old ones finish") {
    RawPeer peer(Role::client);
    std::error_code error;
    const auto id = peer.session.open(peer.now, error);
    peer.hear();
    peer.say_update(flag::ack, id, 0);
    peer.say(FrameType::go_away, 0, 0, 0);
    CHECK(peer.session.going_away());
    CHECK_FALSE(peer.session.drained());
    CHECK(peer.session.open(peer.now, error) == 0);
    CHECK(error == errc::going_away);
    CHECK(peer.write(id, "still") == 5);
    peer.session.shutdown(id);
    peer.say_data(flag::fin, id, "yes");
    CHECK(peer.read_all(id) == "yes");
    CHECK(peer.hear(FrameType::data).size() == 1);
    peer.session.release(id, peer.now);
    CHECK(peer.session.drained());
    peer.session.fail(errc::closed_by_peer, peer.now);
    CHECK(peer.session.ended() == errc::closed);
}

TEST_CASE("After our go-away the peer's new streams are refused, its old ones go on") {
    RawPeer peer(Role::client);
    peer.say_update(flag::syn, 2, 0);
    const auto id = peer.session.accept();
    peer.hear();
    peer.session.go_away();
    peer.session.go_away();
    peer.say_update(flag::syn, 4, 0);
    peer.say_data(0, 2, "more");
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].header == FrameHeader{FrameType::go_away, 0, 0, 0});
    CHECK(heard[1].header == FrameHeader{FrameType::window_update, flag::rst, 4, 0});
    CHECK(peer.session.accept() == 0);
    CHECK(peer.read_all(id) == "more");
}

TEST_CASE("A go-away that blames us, or the peer itself, ends everything") {
    for (const auto& [code, why] : {std::pair{1U, errc::peer_saw_error}, {2U, errc::peer_failed}, {77U, errc::peer_failed}}) {
        RawPeer peer(Role::client);
        std::error_code error;
        const auto id = peer.session.open(peer.now, error);
        peer.hear();
        peer.say(FrameType::go_away, 0, 0, code);
        CHECK(peer.session.ended() == why);
        CHECK_FALSE(peer.session.wants_to_send());
        CHECK(peer.session.write(id, {}).error == why);
        REQUIRE(peer.events().size() == 1);
    }
}

TEST_CASE("A session that is closed says so last, and tells its streams") {
    RawPeer peer(Role::server);
    std::error_code error;
    const auto id = peer.session.open(peer.now, error);
    peer.hear();
    peer.write(id, "never sent");
    peer.session.close(GoAwayCode::normal);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::go_away, 0, 0, 0});
    CHECK(peer.session.ended() == errc::closed);
    CHECK(peer.session.held_bytes() == 0);
    const auto events = peer.events();
    REQUIRE(events.size() == 1);
    CHECK((events[0].readable && events[0].writable));
    peer.session.release(id, peer.now);
    CHECK(peer.session.streams() == 0);
    CHECK(peer.session.open(peer.now, error) == 0);
    CHECK(error == errc::closed);
}

TEST_CASE("What was received before the transport ended can still be read") {
    RawPeer peer(Role::server);
    peer.say_data(flag::syn, 1, "half of");
    peer.say_data(flag::syn | flag::fin, 3, "all of it");
    const auto half = peer.session.accept();
    const auto whole = peer.session.accept();
    peer.session.fail(errc::closed_by_peer, peer.now);
    std::error_code error;
    CHECK(peer.read_all(half, &error) == "half of");
    CHECK(error == errc::closed_by_peer);
    CHECK(peer.read_all(whole, &error) == "all of it");
    CHECK(error == errc::end_of_stream);
}

TEST_CASE("The error of the transport is the session's error, and comes first") {
    RawPeer peer(Role::client);
    const auto why = std::make_error_code(std::errc::connection_reset);
    peer.session.fail(why, peer.now);
    peer.session.fail(errc::closed_by_peer, peer.now);
    peer.session.close(GoAwayCode::normal);
    peer.say_bytes("rubbish");
    CHECK(peer.session.ended() == why);
}

TEST_CASE("After sleep a probe asks at once and gives up after its own limit") {
    RawPeer peer(Role::client);
    peer.answer_ping(10ms);
    peer.pass(1s);
    peer.session.probe(peer.now, 3s);
    const auto asked = peer.now;
    CHECK(peer.hear(FrameType::ping).size() == 1);
    peer.tick_at_deadlines(asked + 3s - 1ms);
    CHECK_FALSE(peer.session.ended());
    peer.tick_at_deadlines(asked + 3s);
    CHECK(peer.session.ended() == errc::peer_silent);
}

TEST_CASE("Every error has words of its own") {
    std::set<std::string> seen;
    for (int value = 0; value <= static_cast<int>(errc::ids_exhausted); ++value) {
        seen.insert(make_error_code(static_cast<errc>(value)).message());
    }
    CHECK(seen.size() == static_cast<std::size_t>(errc::ids_exhausted) + 1);
    CHECK_FALSE(seen.contains("unknown error"));
    CHECK(std::error_code(9999, category()).message() == "unknown error");
}
