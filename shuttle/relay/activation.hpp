// Listening sockets that whoever started the relay hands over, by the protocol of sd_listen_fds(3): systemd keeps them while the relay
// is restarted, so that nobody who connects meanwhile is refused. activation_posix.cpp and activation_win32.cpp, where nobody hands
// anything over. What it is not: the making of sockets (io/listening.hpp).
#pragma once

#include "shuttle/io/tls.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <vector>

namespace shuttle::relay {

struct HandedOver {
    std::vector<boost::asio::ip::tcp::acceptor> agents, portals;  // by their names, "agents" and "portals"
};

// Once, before other threads are there: it takes the variables out of the environment. The error is a sentence.
[[nodiscard]] io::Told<HandedOver> handed_over(const boost::asio::any_io_executor& network);

}  // namespace shuttle::relay
