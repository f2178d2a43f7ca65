// Wakes coroutines that wait for something to change: they look, wait, and look again. What it is not: a counter; a
// notification while nobody waits is forgotten, so look first. One network thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace shuttle::io {

class Signal {
public:
    explicit Signal(const boost::asio::any_io_executor& executor) : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

    // A coroutine that was cancelled comes back, too, and throws at its next wait.
    boost::asio::awaitable<void> wait() { co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable)); }
    void notify() { timer_.cancel(); }

private:
    boost::asio::steady_timer timer_;  // never expires
};

}  // namespace shuttle::io
