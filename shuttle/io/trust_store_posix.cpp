#include "shuttle/io/tls.hpp"

namespace shuttle::io {

void trust_system(boost::asio::ssl::context& context, boost::system::error_code& error) {
    context.set_default_verify_paths(error);
}

}  // namespace shuttle::io
