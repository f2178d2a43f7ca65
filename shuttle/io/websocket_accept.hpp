// The server's side of a WebSocket: reads the request within small limits, and answers. What it is not: an acceptor of TCP, or
// for browsers; a request that comes from a page of some origin is refused.
#pragma once

#include "shuttle/io/websocket_transport.hpp"

namespace shuttle::io {

// `stream`: its TLS is up. The error is a sentence; who asked has been answered, if it was HTTP at all.
[[nodiscard]] boost::asio::awaitable<Told<std::unique_ptr<WebSocketTransport>>> accept_websocket(TlsStream stream);

}  // namespace shuttle::io
