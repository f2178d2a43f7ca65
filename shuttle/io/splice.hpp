// Carries bytes between a connection and a stream of a tunnel, both ways, until whoever answers has ended or nothing has passed
// for a while. What it is not: a reader of what it carries.
#pragma once

#include "shuttle/io/transport.hpp"
#include "shuttle/io/tunnel.hpp"

#include <chrono>
#include <cstdint>

namespace shuttle::io {

struct Carried {
    std::uint64_t up = 0;    // bytes from the connection into the tunnel
    std::uint64_t down = 0;  // and back
};

// Whose end is the end of both ways: where the answers come from. The end of the other is handed on, and the answer still comes.
enum class Decides { stream, connection };

// Closes the connection at the end; the stream's owner lets go of it. `idle`: the longest time without a byte. `carried` grows
// while it runs and must outlive it, as must the other two.
[[nodiscard]] boost::asio::awaitable<void> splice(Transport& connection, TunnelStream& stream, std::chrono::seconds idle, Carried& carried,
                                                  Decides decides = Decides::stream);

}  // namespace shuttle::io
