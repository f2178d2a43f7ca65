#include "agent/api/socket_bio.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <memory>

namespace imc::api {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

tcp::socket& socket_of(BIO* bio) {
    return *static_cast<tcp::socket*>(BIO_get_data(bio));
}

int write(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
    BIO_clear_retry_flags(bio);
    error_code error;
    *written = socket_of(bio).write_some(boost::asio::buffer(data, size), error);
    if (error == boost::asio::error::would_block) BIO_set_retry_write(bio);
    return error ? 0 : 1;
}

int read(BIO* bio, char* data, std::size_t size, std::size_t* got) {
    BIO_clear_retry_flags(bio);
    error_code error;
    *got = socket_of(bio).read_some(boost::asio::buffer(data, size), error);
    if (error == boost::asio::error::would_block) BIO_set_retry_read(bio);
    if (error == boost::asio::error::eof) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return error ? 0 : 1;
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "asio socket");
    if (method == nullptr) return nullptr;
    BIO_meth_set_write_ex(method, write);
    BIO_meth_set_read_ex(method, read);
    BIO_meth_set_ctrl(method, control);
    return method;
}

}  // namespace

BIO* socket_bio(tcp::socket& socket) {
    static const std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> method(make_method(), BIO_meth_free);
    BIO* bio = method ? BIO_new(method.get()) : nullptr;
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, &socket);
    BIO_set_init(bio, 1);
    return bio;
}

}  // namespace imc::api
