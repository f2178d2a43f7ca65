#include "agent/cli/connection.hpp"

#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace imc::cli {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto step_limit = std::chrono::seconds(30);
constexpr std::size_t largest_answer = 64ULL * 1024 * 1024;

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

Connection::Connection(boost::asio::ssl::context& tls) : stream_(network_, tls) {}

template <class Start>
error_code Connection::wait(Start start) {
    error_code result = boost::asio::error::operation_aborted;
    boost::beast::get_lowest_layer(stream_).expires_after(step_limit);
    start([&result](error_code error, const auto&...) { result = error; });
    network_.restart();
    network_.run();
    return result;
}

error_code Connection::open(const boost::asio::ip::tcp::endpoint& where) {
    const auto connect = [&](auto done) { boost::beast::get_lowest_layer(stream_).async_connect(where, std::move(done)); };
    if (auto error = wait(connect)) return error;
    return wait([&](auto done) { stream_.async_handshake(boost::asio::ssl::stream_base::client, std::move(done)); });
}

std::string Connection::fingerprint() const {
    auto* tls = const_cast<boost::beast::ssl_stream<boost::beast::tcp_stream>&>(stream_).native_handle();
    const std::unique_ptr<X509, FreeCertificate> certificate(SSL_get1_peer_certificate(tls));
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &length) != 1) return {};
    static constexpr const char* hex = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < length; ++i) {
        text += hex[digest[i] >> 4U];
        text += hex[digest[i] & 0x0FU];
    }
    return text;
}

error_code Connection::ask(const Request& request, Response& response) {
    if (auto error = wait([&](auto done) { http::async_write(stream_, request, std::move(done)); })) return error;
    http::response_parser<http::string_body> parser;
    parser.body_limit(largest_answer);
    if (auto error = wait([&](auto done) { http::async_read(stream_, buffer_, parser, std::move(done)); })) return error;
    response = parser.release();
    return {};
}

}  // namespace imc::cli
