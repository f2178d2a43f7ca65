// Known defects of other implementations, each a test with its name. Sources: the advisories and issues that are named;
// session_test.go of hashicorp/yamux.
#include "shuttle/core/session.hpp"
#include "tests/support/raw_peer.hpp"

#include <catch2/catch.hpp>

using namespace shuttle::core;
using namespace std::chrono_literals;
using imc::testing::RawPeer;

namespace {

// The session has ended by the peer's fault, says so as its last words, and keeps nothing.
void check_ended(RawPeer& peer, errc why) {
    CHECK(peer.session.ended() == why);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::go_away, 0, 0, static_cast<std::uint32_t>(GoAwayCode::protocol_error)});
    CHECK_FALSE(peer.session.wants_to_send());
    CHECK(peer.session.deadline() == never);
}

}  // namespace

TEST_CASE("CVE-2024-32984: a peer that sends pings and reads nothing costs no memory and loses its session") {
    RawPeer peer(Role::server);
    std::vector<Byte> out;
    REQUIRE(peer.session.send(out, peer.now));  // the transport is stuck with this
    const auto stuck_at = peer.now;
    for (std::uint32_t i = 0; i < 1'000'000; ++i) peer.say(FrameType::ping, flag::syn, 0, i);
    CHECK_FALSE(peer.session.ended());
    CHECK(peer.session.deadline() == stuck_at + 20s);
    peer.pass(20s);
    peer.session.tick(peer.now);
    CHECK(peer.session.ended() == errc::write_stalled);
}

TEST_CASE("CVE-2024-32984: of more pings than can be answered the newest are") {
    RawPeer peer(Role::server);
    peer.hear();
    for (std::uint32_t i = 0; i < 100'000; ++i) peer.say(FrameType::ping, flag::syn, 0, i);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == Limits{}.pongs);
    CHECK(heard.front().header.length == 100'000 - Limits{}.pongs);
    CHECK(heard.back().header.length == 99'999);
}

TEST_CASE("CVE-2026-31814: credit that overflows the window is a protocol error") {
    RawPeer peer(Role::server);
    peer.say_update(flag::syn, 1, 0xffff0000);
    check_ended(peer, errc::protocol_error);
}

TEST_CASE("CVE-2026-31814: credit that overflows in steps is a protocol error, the last that fits is not") {
    RawPeer peer(Role::server);
    peer.hear();
    peer.say_update(flag::syn, 1, 0);
    peer.say_update(0, 1, 0xffffffff - initial_window);
    CHECK_FALSE(peer.session.ended());
    peer.say_update(0, 1, 1);
    check_ended(peer, errc::protocol_error);
}

TEST_CASE("CVE-2026-32314: an opening with more data than the window is refused before anything is made of it") {
    RawPeer peer(Role::server);
    peer.say(FrameType::data, flag::syn, 1, initial_window + 1);
    CHECK(peer.session.streams() == 0);
    check_ended(peer, errc::protocol_error);
}

TEST_CASE("CVE-2026-32314: an opening with exactly the window is taken") {
    RawPeer peer(Role::server);
    peer.say_data(flag::syn, 1, std::string(initial_window, 'x'));
    REQUIRE(peer.session.accept() == 1);
    CHECK(peer.read_all(1).size() == initial_window);
}

TEST_CASE("rust-yamux 227 and 102: reading never waits for writing") {
    RawPeer peer(Role::server);
    std::vector<Byte> out;
    REQUIRE(peer.session.send(out, peer.now));  // the transport is stuck
    peer.say_update(flag::syn, 1, 0);
    REQUIRE(peer.session.accept() == 1);
    // Both directions are full: 100 windows of data and of pings come in, and all of it is read.
    std::size_t read = 0;
    for (int i = 0; i < 8; ++i) {
        peer.say(FrameType::ping, flag::syn, 0, 1);
        peer.say_data(0, 1, std::string(16'384, 'x'));
        read += peer.read_all(1).size();
    }
    CHECK(read == 8 * 16'384);
    // What piled up meanwhile is said in as few frames as possible: the pongs, one acknowledgement with one update.
    peer.session.written(peer.now);
    const auto updates = peer.hear(FrameType::window_update);
    REQUIRE(updates.size() == 1);
    CHECK(updates[0].header == FrameHeader{FrameType::window_update, flag::ack, 1, 8 * 16'384});
}

TEST_CASE("hashicorp/yamux 142: a write that fails under congestion ends the reads, too") {
    RawPeer peer(Role::client);
    std::error_code error;
    const auto id = peer.session.open(peer.now, error);
    std::vector<Byte> out;
    REQUIRE(peer.session.send(out, peer.now));
    peer.pass(20s);
    peer.session.tick(peer.now);
    CHECK(peer.session.read(id, out, peer.now).error == errc::write_stalled);
    CHECK(peer.events().size() == 1);
}

TEST_CASE("hashicorp/yamux 12: keepalive gives up when its ping is not answered") {
    RawPeer peer(Role::server);
    peer.hear();
    peer.tick_at_deadlines(peer.now + 10s);
    CHECK(peer.session.ended() == errc::peer_silent);
}

TEST_CASE("hashicorp/yamux 149: closing needs nobody's answer") {
    RawPeer peer(Role::server);
    std::vector<Byte> out;
    REQUIRE(peer.session.send(out, peer.now));  // stuck
    peer.session.close(GoAwayCode::normal);
    CHECK(peer.session.ended() == errc::closed);
    CHECK(peer.session.deadline() == never);
}

TEST_CASE("rust-yamux 100: one large frame of the peer does not hold up what we say") {
    RawPeer peer(Role::server);
    peer.hear();
    peer.say(FrameType::ping, flag::syn, 0, 7);
    peer.say(FrameType::data, flag::syn, 1, initial_window, std::string(1'000, 'x'));  // the rest is under way
    CHECK(peer.session.accept() == 1);
    CHECK(peer.read_all(1).size() == 1'000);
    CHECK(peer.hear().size() == 2);
}

TEST_CASE("CVE-2023-44487 and CVE-2019-9514: streams opened and reset in haste end the session") {
    for (const bool in_one_frame : {false, true}) {
        RawPeer peer(Role::server);
        peer.hear();
        StreamId id = 1;
        for (; !peer.session.ended() && id < 20'000; id += 2) {
            peer.say_update(in_one_frame ? flag::syn | flag::rst : flag::syn, id, 0);
            if (!in_one_frame) peer.say_update(flag::rst, id, 0);
        }
        CHECK(id / 2 > 1'000);
        CHECK(id / 2 < 1'100);
        check_ended(peer, errc::flood);
    }
}

TEST_CASE("CVE-2023-44487: aborted downloads at a human pace do not end the session") {
    RawPeer peer(Role::server);
    for (StreamId id = 1; id < 20'000; id += 2) {
        peer.say_update(flag::syn, id, 0);
        REQUIRE(peer.session.accept() == id);
        peer.say_update(flag::rst, id, 0);
        peer.session.release(id, peer.now);
        peer.pass(50ms);
        REQUIRE_FALSE(peer.session.ended());
        peer.hear();
    }
}

TEST_CASE("CVE-2019-9515: refusals that nobody reads do not pile up") {
    Limits limits;
    limits.accept_backlog = 0;
    RawPeer peer(Role::server, limits);
    StreamId id = 1;
    for (; !peer.session.ended() && id < 20'000; id += 2) peer.say_update(flag::syn, id, 0);
    CHECK(id / 2 <= limits.resets + 1);
    check_ended(peer, errc::flood);
}

TEST_CASE("CVE-2019-9518: empty frames without meaning end the session") {
    for (const auto type : {FrameType::data, FrameType::window_update}) {
        RawPeer peer(Role::server);
        peer.say_update(flag::syn, 1, 0);
        int frames = 0;
        for (; !peer.session.ended() && frames < 20'000; ++frames) peer.say(type, 0, 1, 0);
        CHECK(frames < 1'100);
        check_ended(peer, errc::flood);
    }
}

TEST_CASE("PingOfDeath: ten thousand pings are ten thousand answers to who reads them") {
    RawPeer peer(Role::client);
    peer.hear();
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        peer.say(FrameType::ping, flag::syn, 0, i);
        const auto heard = peer.hear();
        REQUIRE(heard.size() == 1);
        REQUIRE(heard[0].header == FrameHeader{FrameType::ping, flag::ack, 0, i});
    }
}

TEST_CASE("PartialReadWindowUpdate: reading a little grants nothing, reading half grants it") {
    RawPeer peer(Role::server);
    peer.hear();
    peer.say_data(flag::syn, 1, std::string(initial_window, 'x'));
    REQUIRE(peer.session.accept() == 1);
    peer.hear();
    std::vector<Byte> piece(initial_window / 2 - 1);
    CHECK(peer.session.read(1, piece, peer.now).bytes == piece.size());
    CHECK(peer.hear().empty());
    piece.resize(1);
    CHECK(peer.session.read(1, piece, peer.now).bytes == 1);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header.length == initial_window / 2);
}

TEST_CASE("BacklogExceeded: the stream that is one too many is reset, those that wait are not") {
    Limits limits;
    limits.accept_backlog = 2;
    RawPeer peer(Role::server, limits);
    peer.hear();
    for (const StreamId id : {1U, 3U, 5U}) peer.say_data(flag::syn, id, "x");
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::window_update, flag::rst, 5, 0});
    CHECK(peer.session.accept() == 1);
    CHECK(peer.session.accept() == 3);
    CHECK(peer.session.accept() == 0);
}

TEST_CASE("HalfCloseSessionShutdown: data sent before the session went away is read to its end") {
    RawPeer peer(Role::server);
    peer.say_data(flag::syn, 1, "data before the end");
    REQUIRE(peer.session.accept() == 1);
    peer.say_data(flag::fin, 1, "!");
    peer.say(FrameType::go_away, 0, 0, 0);
    peer.session.fail(errc::closed_by_peer, peer.now);
    std::error_code error;
    CHECK(peer.read_all(1, &error) == "data before the end!");
    CHECK(error == errc::end_of_stream);
}

TEST_CASE("A receive window that is exceeded by one byte ends the session") {
    RawPeer peer(Role::server);
    peer.hear();
    peer.say_data(flag::syn, 1, std::string(initial_window, 'x'));
    CHECK_FALSE(peer.session.ended());
    peer.say(FrameType::data, 0, 1, 1);
    check_ended(peer, errc::protocol_error);
}

TEST_CASE("Frames that make no sense end the session") {
    struct Case {
        const char* what;
        FrameHeader header;
    };
    const auto bad = GENERATE(values<Case>({
        {"a stream of our own numbers", {FrameType::window_update, flag::syn, 2, 0}},
        {"stream zero", {FrameType::window_update, flag::syn, 0, 0}},
        {"data without a stream", {FrameType::data, 0, 0, 5}},
        {"a second opening", {FrameType::window_update, flag::syn, 1, 0}},
        {"a ping of a stream", {FrameType::ping, flag::syn, 1, 0}},
        {"a go-away of a stream", {FrameType::go_away, 0, 1, 0}},
    }));
    INFO(bad.what);
    RawPeer peer(Role::server);
    peer.say_update(flag::syn, 1, 0);
    peer.hear();
    peer.say(bad.header.type, bad.header.flags, bad.header.stream, bad.header.length);
    check_ended(peer, errc::protocol_error);
}

TEST_CASE("Data after the peer has finished ends the session; finishing twice does not") {
    RawPeer peer(Role::server);
    peer.hear();
    peer.say_data(flag::syn | flag::fin, 1, "x");
    peer.say_update(flag::fin, 1, 0);
    CHECK_FALSE(peer.session.ended());
    peer.say_data(0, 1, "y");
    check_ended(peer, errc::protocol_error);
}

TEST_CASE("Something else than yamux ends the session at its first bytes") {
    RawPeer peer(Role::server);
    peer.say_bytes("HTTP/1.1 502 Bad Gateway\r\n");
    check_ended(peer, errc::protocol_error);
}

TEST_CASE("Data for a stream that nobody knows is thrown away, up to 4 GiB of it") {
    RawPeer peer(Role::server);
    peer.hear();
    peer.say(FrameType::data, 0, 9, 0xffffffff, std::string(1 << 20, 'x'));
    CHECK_FALSE(peer.session.ended());
    CHECK(peer.session.held_bytes() == 0);
    CHECK(peer.hear().empty());
}

TEST_CASE("frp 5425: memory stays within the budget whatever the peer sends") {
    Limits limits;
    limits.receive_budget = 16u << 20;
    RawPeer peer(Role::server, limits);
    peer.answer_ping(1ms);
    for (StreamId id = 1; id < 1'000; id += 2) {
        peer.say_data(flag::syn, id, std::string(initial_window, 'x'));
        static_cast<void>(peer.session.accept());
        peer.hear();
    }
    CHECK_FALSE(peer.session.ended());
    CHECK(peer.session.streams() == 64);
    CHECK(peer.session.held_bytes() == limits.receive_budget);
}

TEST_CASE("A byte at a time takes no more memory than all at once") {
    RawPeer peer(Role::server);
    peer.say_update(flag::syn, 1, 0);
    REQUIRE(peer.session.accept() == 1);
    for (std::uint32_t i = 0; i < initial_window; ++i) peer.say_data(0, 1, "x");
    CHECK(peer.session.held_bytes() <= initial_window);
    CHECK(peer.read_all(1).size() == initial_window);
}

TEST_CASE("An application that opens and gives up while the transport is stuck fills no queue") {
    RawPeer peer(Role::client);
    std::vector<Byte> out;
    std::error_code error;
    for (int i = 0; i < 10'000; ++i) {
        const auto id = peer.session.open(peer.now, error);
        if (id == 0) break;
        while (peer.session.send(out, peer.now)) {
        }
        peer.session.reset(id);
        peer.session.release(id, peer.now);
        if (i % 2 == 0) out.clear();
    }
    for (int i = 0; i < 10'000; ++i) {
        const auto id = peer.session.open(peer.now, error);
        if (id == 0) break;
        peer.session.release(id, peer.now);
    }
    CHECK(peer.session.streams() == 0);
    CHECK(peer.hear().size() <= Limits{}.resets);
}
