#include "shuttle/io/listening.hpp"

namespace shuttle::io {

void claim_address(boost::asio::ip::tcp::acceptor& acceptor, boost::system::error_code& error) {
    acceptor.set_option(boost::asio::ip::tcp::acceptor::reuse_address(true), error);
}

}  // namespace shuttle::io
