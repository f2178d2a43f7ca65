// What the two sources of WebSocketTransport share: Beast's stream and its settings. Internal to shuttle/io. What it is not:
// for anybody else; Beast's templates take long to compile.
#pragma once

#include "shuttle/io/websocket_transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace shuttle::io {

struct WebSocketTransport::Impl {
    explicit Impl(TlsStream stream) : socket(std::move(stream)) {}
    boost::beast::websocket::stream<TlsStream, false> socket;  // false: no code for compression
    std::shared_ptr<WebSocketEnd> end = std::make_shared<WebSocketEnd>();
    bool closed = false;
};

// Limits and habits of both sides, before the handshake.
void prepare(boost::beast::websocket::stream<TlsStream, false>& socket);

}  // namespace shuttle::io
