#include "shuttle/io/tcp_transport.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace shuttle::io {
namespace {

constexpr int most_unsent = 128 * 1024;
constexpr int user_timeout_ms = 20'000;

}  // namespace

void tune(boost::asio::ip::tcp::socket& socket) {
    const int handle = socket.native_handle();
    // Both only make a good connection better; a system that refuses them loses nothing but that.
#ifdef TCP_NOTSENT_LOWAT
    static_cast<void>(setsockopt(handle, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most_unsent, sizeof most_unsent));
#endif
#ifdef TCP_USER_TIMEOUT
    static_cast<void>(setsockopt(handle, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_ms, sizeof user_timeout_ms));
#endif
}

}  // namespace shuttle::io
