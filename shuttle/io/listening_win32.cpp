#include "shuttle/io/listening.hpp"

#include <boost/asio/detail/socket_types.hpp>

namespace shuttle::io {

void claim_address(boost::asio::ip::tcp::acceptor& acceptor, boost::system::error_code& error) {
    // SO_REUSEADDR would let another program take the port here.
    using Exclusive = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_EXCLUSIVEADDRUSE>;
    acceptor.set_option(Exclusive(true), error);
}

}  // namespace shuttle::io
