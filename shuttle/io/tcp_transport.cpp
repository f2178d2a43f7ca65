#include "shuttle/io/tcp_transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace shuttle::io {

namespace asio = boost::asio;

TcpTransport::TcpTransport(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
    boost::system::error_code ignored;  // a socket without the option works, too
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    tune(socket_);
}

asio::awaitable<boost::system::result<std::size_t>> TcpTransport::read(std::span<std::uint8_t> target) {
    const auto buffer = asio::buffer(target.data(), target.size());
    const auto [error, bytes] = co_await socket_.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
    if (error) co_return error;
    co_return bytes;
}

asio::awaitable<boost::system::error_code> TcpTransport::write(std::span<const std::uint8_t> message) {
    const auto buffer = asio::buffer(message.data(), message.size());
    const auto [error, bytes] = co_await asio::async_write(socket_, buffer, asio::as_tuple(asio::use_awaitable));
    co_return error;
}

void TcpTransport::finish() noexcept {
    boost::system::error_code ignored;  // the other side has gone already
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void TcpTransport::close() noexcept {
    boost::system::error_code ignored;  // it is over either way
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    socket_.close(ignored);
}

}  // namespace shuttle::io
