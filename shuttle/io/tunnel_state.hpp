// What a tunnel and its streams share: the session, the transport, and who waits for what. Internal to shuttle/io. What it
// is not: an interface; tunnel.hpp is.
#pragma once

#include "shuttle/core/session.hpp"
#include "shuttle/io/signal.hpp"
#include "shuttle/io/transport.hpp"

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <vector>

namespace shuttle::io {

class TunnelState {
public:
    // Who waits on one stream. Shared, so that a waiter survives the stream.
    struct Waiters {
        explicit Waiters(const boost::asio::any_io_executor& executor) : readable(executor), writable(executor) {}
        Signal readable;
        Signal writable;
    };

    TunnelState(boost::asio::any_io_executor network, std::unique_ptr<Transport> carrier, core::Role role, const core::Limits& limits);

    boost::asio::awaitable<void> read_loop();
    boost::asio::awaitable<void> write_loop();
    boost::asio::awaitable<void> time_loop();
    // After anything was done to the session: wakes everybody whom it concerns.
    void react();
    void over();  // the loops have ended: nobody may wait any longer
    void add(core::StreamId id);
    void remove(core::StreamId id);
    [[nodiscard]] std::shared_ptr<Waiters> waiters(core::StreamId id) const;
    // The session's word as the rest of the program knows it: an error of the transport comes out as it came in.
    [[nodiscard]] boost::system::error_code told(std::error_code error) const;
    [[nodiscard]] static core::TimePoint now();

    boost::asio::any_io_executor network;
    std::unique_ptr<Transport> transport;
    core::Session session;
    Signal incoming;  // a stream to accept, or the end
    Signal opening;   // open() may be tried again
    Signal to_write;

private:
    std::map<core::StreamId, std::shared_ptr<Waiters>> waiters_;
    void fail(const boost::system::error_code& error);

    boost::system::error_code transport_error_;
    boost::asio::steady_timer timer_;
    core::TimePoint armed_ = core::never;
    std::vector<core::Byte> in_;
    bool writer_ended_ = false;
    bool ended_before_ = false;
};

}  // namespace shuttle::io
