#include "shuttle/io/tls_transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace shuttle::io {

namespace asio = boost::asio;

asio::awaitable<boost::system::result<std::size_t>> TlsTransport::read(std::span<std::uint8_t> target) {
    const auto buffer = asio::buffer(target.data(), target.size());
    const auto [error, bytes] = co_await stream_.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
    if (error) co_return error;
    co_return bytes;
}

asio::awaitable<boost::system::error_code> TlsTransport::write(std::span<const std::uint8_t> message) {
    const auto buffer = asio::buffer(message.data(), message.size());
    const auto [error, bytes] = co_await asio::async_write(stream_, buffer, asio::as_tuple(asio::use_awaitable));
    co_return error;
}

void TlsTransport::close() noexcept {
    boost::system::error_code ignored;  // it is over either way
    stream_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.next_layer().close(ignored);
}

}  // namespace shuttle::io
