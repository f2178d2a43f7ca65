// One yamux session on one transport: moves bytes between the two and lets coroutines open, take, read and write streams.
// What it is not: a dialer; when it ends it has ended, and somebody makes the next one.
//
// All functions belong to the network thread. Streams may outlive the tunnel; they then give its error.
#pragma once

#include "shuttle/core/session.hpp"
#include "shuttle/io/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <span>

namespace shuttle::io {

class TunnelState;

// A stream of a tunnel, owned by whoever holds it. Destroying it lets go: after shutdown() the rest is still delivered,
// otherwise the peer sees a reset. One coroutine may read while another writes, not two of a kind.
class TunnelStream {
public:
    TunnelStream(std::shared_ptr<TunnelState> tunnel, core::StreamId id);
    TunnelStream(TunnelStream&& other) noexcept;
    TunnelStream& operator=(TunnelStream&& other) noexcept;
    ~TunnelStream();

    // Waits for bytes; 0 at the end of what the peer sends.
    boost::asio::awaitable<boost::system::result<std::size_t>> read(std::span<std::uint8_t> target);
    // Waits until all of `bytes` is taken (the buffer of the stream is bounded, so a slow peer holds the writer up).
    boost::asio::awaitable<boost::system::error_code> write(std::span<const std::uint8_t> bytes);
    boost::system::error_code shutdown();  // no more is written; reading goes on
    void reset();                          // both directions, at once
    [[nodiscard]] core::StreamId id() const noexcept { return id_; }

private:
    void let_go() noexcept;

    std::shared_ptr<TunnelState> tunnel_;  // empty after a move
    core::StreamId id_;
};

class Tunnel {
public:
    Tunnel(boost::asio::any_io_executor network, std::unique_ptr<Transport> transport, core::Role role, const core::Limits& limits = {});
    Tunnel(const Tunnel&) = delete;
    Tunnel& operator=(const Tunnel&) = delete;
    ~Tunnel();  // closes the transport; run() must have ended

    // The work of the tunnel, a job to be started once; why it ended. Cancelling it ends the tunnel at once.
    boost::asio::awaitable<boost::system::error_code> run();

    // The next stream that the peer opens, or why there is none any more.
    boost::asio::awaitable<boost::system::result<TunnelStream>> accept();
    // Waits only while too many streams wait for the peer, at most core::Limits::open_limit.
    boost::asio::awaitable<boost::system::result<TunnelStream>> open();

    void go_away();                                                // no new streams; those that exist go on
    void close(core::GoAwayCode code = core::GoAwayCode::normal);  // says so to the peer; run() ends within a second
    void probe(core::Duration limit);                              // after sleep, or when the network has changed
    [[nodiscard]] const core::Session& session() const noexcept;   // to look at: streams, round trip, end

private:
    std::shared_ptr<TunnelState> state_;
};

}  // namespace shuttle::io
