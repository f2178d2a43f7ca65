#include "shuttle/io/tcp_transport.hpp"

namespace shuttle::io {
namespace {

constexpr int tcp_maxrt = 5;  // TCP_MAXRT of the Windows SDK's ws2ipdef.h, which mingw's lacks

}  // namespace

void tune(boost::asio::ip::tcp::socket& socket) {
    // This counts whole seconds of retransmission, as TCP_USER_TIMEOUT does elsewhere; Windows keeps little unsent itself.
    const DWORD seconds = 20;
    static_cast<void>(
        ::setsockopt(socket.native_handle(), IPPROTO_TCP, tcp_maxrt, reinterpret_cast<const char*>(&seconds), sizeof seconds));
}

}  // namespace shuttle::io
