#include "agent/api/server_tls.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/buffer.hpp>
#include <cstring>

namespace imc::api {
namespace {

constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* groups = "X25519:P-256:P-384";

int choose_http(SSL*, const unsigned char** out, unsigned char* length, const unsigned char* in, unsigned int in_length, void*) {
    static constexpr unsigned char http[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, length, http, sizeof http, in, in_length) != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

bool settle(SSL_CTX* context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_alpn_select_cb(context, choose_http, nullptr);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(context, ciphers) == 1 &&
           SSL_CTX_set1_groups_list(context, groups) == 1;
}

}  // namespace

boost::system::result<std::shared_ptr<boost::asio::ssl::context>, std::string> make_context(const TlsMaterial& material) {
    namespace ssl = boost::asio::ssl;
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    boost::system::error_code error;
    if (!settle(context->native_handle())) return std::string("TLS cannot be set up: the installed OpenSSL lacks the needed ciphers");
    context->use_certificate_chain(boost::asio::buffer(material.certificate_chain_pem), error);
    if (error) return "the certificate cannot be used: " + error.message();
    context->use_private_key(boost::asio::buffer(material.private_key_pem), ssl::context::pem, error);
    if (error) return "the private key cannot be used: " + error.message();
    if (SSL_CTX_check_private_key(context->native_handle()) != 1) return std::string("the private key does not fit the certificate");
    if (material.client_ca_pem.empty()) return context;
    context->add_certificate_authority(boost::asio::buffer(material.client_ca_pem), error);
    if (error) return "the authority of client certificates cannot be used: " + error.message();
    auto mode = ssl::verify_peer;
    if (material.client_certificate_required) mode |= ssl::verify_fail_if_no_peer_cert;
    context->set_verify_mode(mode, error);
    if (error) return "client certificates cannot be asked for: " + error.message();
    return context;
}

std::string client_subject(SSL* connection) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(connection), X509_free);
    if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return {};
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253) < 0) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace imc::api
