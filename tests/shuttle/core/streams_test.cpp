// Streams of a session: opening, both directions, half close, reset, turns, limits.
#include "shuttle/core/session.hpp"
#include "tests/support/raw_peer.hpp"

#include <catch2/catch.hpp>

using namespace shuttle::core;
using namespace std::chrono_literals;
using imc::testing::RawPeer;

namespace {

StreamId opened(RawPeer& peer) {
    std::error_code error;
    const auto id = peer.session.open(peer.now, error);
    REQUIRE(id != 0);
    peer.hear();
    return id;
}

StreamId accepted(RawPeer& peer, StreamId id) {
    peer.say_update(flag::syn, id, 0);
    REQUIRE(peer.session.accept() == id);
    peer.hear();
    return id;
}

}  // namespace

TEST_CASE("The client opens odd streams, the server even ones, and no number comes twice") {
    RawPeer client(Role::client);
    RawPeer server(Role::server);
    for (StreamId n = 0; n < 5; ++n) {
        const auto id = opened(client);
        CHECK(id == 2 * n + 1);
        client.session.reset(id);
        client.session.release(id, client.now);
        CHECK(opened(server) == 2 * n + 2);
    }
}

TEST_CASE("When the numbers are used up a new session is needed") {
    Limits limits;
    limits.last_id = 4;
    RawPeer peer(Role::server, limits);
    CHECK(opened(peer) == 2);
    CHECK(opened(peer) == 4);
    std::error_code error;
    CHECK(peer.session.open(peer.now, error) == 0);
    CHECK(error == errc::ids_exhausted);
}

TEST_CASE("Data may follow the opening at once, in frames of 16 KiB") {
    RawPeer peer(Role::client);
    peer.hear();
    std::error_code error;
    const auto id = peer.session.open(peer.now, error);
    CHECK(peer.write(id, std::string(40'000, 'x')) == 40'000);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 4);
    CHECK(heard[0].header == FrameHeader{FrameType::window_update, flag::syn, 1, 0});
    CHECK(heard[1].payload.size() == 16'384);
    CHECK(heard[2].payload.size() == 16'384);
    CHECK(heard[3].payload.size() == 40'000 - 2 * 16'384);
    CHECK(heard[3].header.flags == 0);
}

TEST_CASE("A stream of the peer is acknowledged when the application takes it, not before") {
    RawPeer peer(Role::client);
    peer.hear();
    peer.say_data(flag::syn, 2, "hello");
    CHECK(peer.hear().empty());
    REQUIRE(peer.session.accept() == 2);
    CHECK(peer.session.accept() == 0);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::window_update, flag::ack, 2, 0});
    CHECK(peer.read_all(2) == "hello");
}

TEST_CASE("No more is sent than the peer's window, and an update lets it go on") {
    RawPeer peer(Role::client);
    const auto id = opened(peer);
    std::size_t sent = 0;
    while (peer.write(id, std::string(50'000, 'x')) > 0) {
        for (const auto& heard : peer.hear()) sent += heard.payload.size();
    }
    CHECK(sent == initial_window);
    CHECK_FALSE(peer.session.wants_to_send());
    peer.say_update(flag::ack, id, 1'000);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].payload.size() == 1'000);
}

TEST_CASE("A writer is held up by its buffer and told when there is room") {
    RawPeer peer(Role::client);
    const auto id = opened(peer);
    CHECK(peer.write(id, std::string(1 << 20, 'x')) == 128 * 1024);
    CHECK(peer.write(id, "y") == 0);
    CHECK(peer.events().empty());
    std::vector<Byte> out;
    for (int i = 0; i < 4; ++i) REQUIRE(peer.session.send(out, peer.now));
    const auto events = peer.events();
    REQUIRE(events.size() == 1);
    CHECK(events[0].stream == id);
    CHECK(events[0].writable);
    CHECK(peer.write(id, "y") == 1);
}

TEST_CASE("The peer gets new credit when half its window was read, in one update") {
    RawPeer peer(Role::client);
    const auto id = accepted(peer, 2);
    for (int i = 0; i < 8; ++i) peer.say_data(0, id, std::string(16'384, 'x'));
    CHECK(peer.hear().empty());
    CHECK(peer.read_all(id).size() == 131'072);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::window_update, 0, id, 131'072});
}

TEST_CASE("Each side finishes its own direction") {
    RawPeer peer(Role::client);
    const auto id = opened(peer);
    peer.write(id, "last words");
    CHECK_FALSE(peer.session.shutdown(id));
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].header == FrameHeader{FrameType::data, 0, id, 10});
    CHECK(heard[1].header == FrameHeader{FrameType::window_update, flag::fin, id, 0});
    CHECK(peer.session.write(id, {}).error == errc::shut_down);
    peer.say_data(flag::ack, id, "answer");
    std::error_code error;
    CHECK(peer.read_all(id, &error) == "answer");
    CHECK_FALSE(error);
    peer.say_update(flag::fin, id, 0);
    CHECK(peer.read_all(id, &error).empty());
    CHECK(error == errc::end_of_stream);
    peer.session.release(id, peer.now);
    CHECK(peer.session.streams() == 0);
    CHECK_FALSE(peer.session.wants_to_send());
}

TEST_CASE("The end of a stream is a frame of its own, for peers that drop what comes with it") {
    RawPeer peer(Role::client);
    const auto id = opened(peer);
    peer.session.shutdown(id);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::window_update, flag::fin, id, 0});
}

TEST_CASE("A reset by the peer is an error for reader and writer, and loses what is under way") {
    RawPeer peer(Role::client);
    const auto id = accepted(peer, 2);
    peer.say_data(0, id, "lost");
    peer.write(id, "lost, too");
    peer.events();
    peer.say_update(flag::rst, id, 0);
    std::error_code error;
    CHECK(peer.read_all(id, &error).empty());
    CHECK(error == errc::reset_by_peer);
    CHECK(peer.session.write(id, {}).error == errc::reset_by_peer);
    CHECK(peer.events().size() == 1);
    CHECK(peer.hear().empty());
    peer.session.release(id, peer.now);
    CHECK(peer.session.streams() == 0);
    CHECK(peer.hear().empty());
}

TEST_CASE("A reader is told of data, of the end and of nothing else") {
    RawPeer peer(Role::client);
    const auto id = accepted(peer, 2);
    peer.say_update(0, id, 5);
    CHECK(peer.events().empty());
    for (const bool end : {false, true}) {
        if (!end) peer.say_data(0, id, "x");
        if (end) peer.say_update(flag::fin, id, 0);
        const auto events = peer.events();
        REQUIRE(events.size() == 1);
        CHECK(events[0].stream == id);
        CHECK(events[0].readable);
        CHECK_FALSE(events[0].writable);
        peer.read_all(id);
    }
}

TEST_CASE("Of a stream that was let go nothing more is told") {
    RawPeer peer(Role::client);
    const auto reset = accepted(peer, 2);
    const auto lingering = accepted(peer, 4);
    peer.say_update(flag::rst, reset, 0);
    peer.say_data(0, lingering, "x");
    peer.session.shutdown(lingering);
    peer.session.release(reset, peer.now);
    peer.session.release(lingering, peer.now);
    CHECK_FALSE(peer.session.next_event());
    peer.say_data(0, lingering, "y");
    CHECK_FALSE(peer.session.next_event());
}

TEST_CASE("A reset on this side tells the peer once, and what is under way is thrown away") {
    RawPeer peer(Role::client);
    const auto id = accepted(peer, 2);
    peer.write(id, "never mind");
    peer.session.reset(id);
    peer.session.reset(id);
    peer.session.release(id, peer.now);
    const auto heard = peer.hear();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::window_update, flag::rst, id, 0});
    peer.say_data(0, id, "was under way");
    peer.say_update(0, id, 5);
    peer.say_update(flag::rst, id, 0);
    CHECK_FALSE(peer.session.ended());
    CHECK(peer.session.held_bytes() == 0);
}

TEST_CASE("A stream that the peer has not heard of is given up without a word") {
    RawPeer peer(Role::client);
    peer.hear();
    std::error_code error;
    const auto id = peer.session.open(peer.now, error);
    peer.session.release(id, peer.now);
    CHECK(peer.hear().empty());
    CHECK(peer.session.deadline() == peer.now + 10s);  // that of the ping
}

TEST_CASE("A stream that is let go after shutdown still delivers everything") {
    RawPeer peer(Role::client);
    const auto id = opened(peer);
    peer.write(id, std::string(100'000, 'x'));
    peer.session.shutdown(id);
    peer.session.release(id, peer.now);
    CHECK(peer.session.write(id, {}).error == errc::no_such_stream);
    std::size_t sent = 0;
    for (const auto& heard : peer.hear(FrameType::data)) sent += heard.payload.size();
    CHECK(sent == 100'000);
    peer.say_data(flag::ack, id, "nobody reads this");
    CHECK(peer.session.held_bytes() == 0);
    peer.say_update(flag::fin, id, 0);
    CHECK(peer.session.streams() == 0);
}

TEST_CASE("A stream that the peer never finishes is given up after the linger limit") {
    RawPeer peer(Role::client);
    const auto id = opened(peer);
    peer.session.shutdown(id);
    peer.session.release(id, peer.now);
    peer.hear();
    const auto released = peer.now;
    for (int second = 1; second < 60; ++second) {
        peer.say(FrameType::ping, flag::ack, 0, 1);
        peer.tick_at_deadlines(released + second * 1s);
        REQUIRE(peer.session.streams() == 1);
    }
    peer.pass(1s);
    peer.session.tick(peer.now);
    CHECK(peer.session.streams() == 0);
    const auto heard = peer.hear(FrameType::window_update);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header.has(flag::rst));
}

TEST_CASE("Streams take turns, frame by frame, and what changes hands is fair") {
    RawPeer peer(Role::client);
    std::vector<StreamId> ids;
    for (int i = 0; i < 4; ++i) ids.push_back(opened(peer));
    for (const auto id : ids) peer.write(id, std::string(64 * 1024, 'x'));
    std::vector<StreamId> order;
    for (const auto& heard : peer.hear(FrameType::data)) order.push_back(heard.header.stream);
    CHECK(order == std::vector<StreamId>{1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7, 1, 3, 5, 7});
}

TEST_CASE("A small message waits for one frame of each other stream at most") {
    RawPeer peer(Role::client);
    const auto bulk = opened(peer);
    const auto small = opened(peer);
    peer.write(bulk, std::string(128 * 1024, 'x'));
    std::vector<Byte> out;
    REQUIRE(peer.session.send(out, peer.now));
    peer.write(small, "!");
    const auto heard = peer.hear();
    CHECK(heard[0].header.stream == bulk);
    CHECK(heard[1].header.stream == small);
}

TEST_CASE("No more streams wait for the peer's acknowledgement than the limit") {
    Limits limits;
    limits.unacknowledged = 3;
    RawPeer peer(Role::client, limits);
    for (int i = 0; i < 3; ++i) opened(peer);
    std::error_code error;
    CHECK(peer.session.open(peer.now, error) == 0);
    CHECK(error == errc::backlog_full);
    peer.say_update(flag::ack, 3, 0);
    CHECK(opened(peer) == 7);
}

TEST_CASE("No more streams than the limit, or than the memory that they may take") {
    for (const bool by_memory : {false, true}) {
        Limits limits;
        if (by_memory) limits.receive_budget = 2 * std::size_t{initial_window};
        if (!by_memory) limits.max_streams = 2;
        RawPeer peer(Role::client, limits);
        const auto first = opened(peer);
        accepted(peer, 2);
        std::error_code error;
        CHECK(peer.session.open(peer.now, error) == 0);
        CHECK(error == errc::too_many_streams);
        peer.say_update(flag::syn, 4, 0);
        const auto heard = peer.hear();
        REQUIRE(heard.size() == 1);
        CHECK(heard[0].header == FrameHeader{FrameType::window_update, flag::rst, 4, 0});
        peer.session.reset(first);
        peer.session.release(first, peer.now);
        CHECK(opened(peer) == 3);
    }
}

TEST_CASE("A stream that the peer does not take is given up after thirty seconds") {
    RawPeer peer(Role::client);
    peer.answer_ping(1ms);
    const auto id = opened(peer);
    peer.pass(29'999ms);
    peer.session.tick(peer.now);
    peer.answer_ping(0ms);
    peer.session.tick(peer.now);
    CHECK(peer.events().empty());
    peer.pass(1ms);
    peer.session.tick(peer.now);
    CHECK(peer.events().size() == 1);
    CHECK(peer.session.write(id, {}).error == errc::not_acknowledged);
    const auto heard = peer.hear(FrameType::window_update);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::window_update, flag::rst, id, 0});
}

TEST_CASE("A stream that the application does not take is refused after thirty seconds") {
    RawPeer peer(Role::client);
    peer.answer_ping(1ms);
    peer.say_update(flag::syn, 2, 0);
    peer.pass(30s);
    peer.session.tick(peer.now);
    CHECK(peer.session.accept() == 0);
    CHECK(peer.session.streams() == 0);
    const auto heard = peer.hear(FrameType::window_update);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].header == FrameHeader{FrameType::window_update, flag::rst, 2, 0});
}

TEST_CASE("Streams of the peer may arrive out of order, as those of concurrent openers do") {
    RawPeer peer(Role::server);
    for (const StreamId id : {5U, 1U, 3U}) peer.say_update(flag::syn, id, 0);
    CHECK(peer.session.accept() == 5);
    CHECK(peer.session.accept() == 1);
    CHECK(peer.session.accept() == 3);
    CHECK_FALSE(peer.session.ended());
}

TEST_CASE("A peer that offers a larger window with its opening is believed") {
    RawPeer peer(Role::client);
    peer.say_update(flag::syn, 2, 1 << 20);
    const auto id = peer.session.accept();
    std::size_t sent = 0;
    while (peer.write(id, std::string(100'000, 'x')) > 0) {
        for (const auto& heard : peer.hear()) sent += heard.payload.size();
    }
    CHECK(sent == initial_window + (1 << 20));
}
