#include "shuttle/io/tcp_transport.hpp"

namespace shuttle::io {

void tune(boost::asio::ip::tcp::socket& socket) {
    // TCP_MAXRT counts whole seconds of retransmission, as TCP_USER_TIMEOUT does elsewhere; Windows keeps little unsent itself.
    const DWORD seconds = 20;
    static_cast<void>(
        ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_MAXRT, reinterpret_cast<const char*>(&seconds), sizeof seconds));
}

}  // namespace shuttle::io
