// Every limit of a session, with its default and its unit. What it is not: configuration; whoever owns sessions decides
// which of these an operator may change.
#pragma once

#include "shuttle/core/frame.hpp"
#include "shuttle/core/time.hpp"

namespace shuttle::core {

struct Limits {
    // Memory. What the peer can make this side hold is receive_budget, what the application can is send_buffer a stream.
    std::size_t max_streams = 256;           // of both sides together, those still closing included
    std::size_t receive_budget = 96u << 20;  // bytes; the sum of all receive windows never exceeds it
    std::uint32_t max_window = 6u << 20;     // bytes; the largest receive window of one stream
    std::size_t send_buffer = 128u << 10;    // bytes of a stream that wait for the peer's window or the transport

    // Queues.
    std::size_t accept_backlog = 256;  // streams of the peer that the application has not taken
    std::size_t unacknowledged = 256;  // own streams that the peer has not taken
    std::size_t pongs = 32;            // answers waiting to be sent; of more, the newest are kept
    std::size_t resets = 512;          // resets waiting to be sent; more are a flood

    StreamId last_id = 0xffffffff;  // the largest this side opens; ids are never used again

    // Rates of what costs the peer nothing: streams opened and reset by it, refused ones, empty frames.
    double useless_burst = 1000;
    double useless_per_second = 33;

    // Time.
    Duration ping_every = std::chrono::seconds(15);
    Duration ping_limit = std::chrono::seconds(10);    // without any byte from the peer, since the ping was written
    Duration ping_cap = std::chrono::seconds(60);      // without the answer, whatever else the peer sends
    Duration write_limit = std::chrono::seconds(20);   // from handing bytes out to written()
    Duration open_limit = std::chrono::seconds(30);    // until the peer acknowledges a stream
    Duration accept_limit = std::chrono::seconds(30);  // until the application takes a stream
    Duration linger_limit = std::chrono::seconds(60);  // of a released stream until both sides have finished it
};

}  // namespace shuttle::core
