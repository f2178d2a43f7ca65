#include "agent/api/tls_context.hpp"

#include <climits>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace imc::api {
namespace {

struct Free {
    void operator()(BIO* p) const { BIO_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
template <class T>
using Owner = std::unique_ptr<T, Free>;

constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* groups = "X25519:P-256:P-384";

int choose_http(SSL*, const unsigned char** out, unsigned char* length, const unsigned char* in, unsigned int in_length, void*) {
    static constexpr unsigned char http[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, length, http, sizeof http, in, in_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

// An encrypted key is refused; OpenSSL's own callback would ask the terminal.
int no_password(char*, int, int, void*) {
    return -1;
}

bool settle(SSL_CTX* context) {
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_alpn_select_cb(context, choose_http, nullptr);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(context, ciphers) == 1 &&
           SSL_CTX_set1_groups_list(context, groups) == 1;
}

Owner<BIO> reader_of(const std::string& pem) {
    return Owner<BIO>(BIO_new_mem_buf(pem.data(), pem.size() > INT_MAX ? 0 : static_cast<int>(pem.size())));
}

Owner<X509> next_certificate(BIO* in) {
    return Owner<X509>(PEM_read_bio_X509(in, nullptr, no_password, nullptr));
}

// Empty: all is well.
std::string use_chain(SSL_CTX* context, const std::string& pem) {
    const auto in = reader_of(pem);
    const auto leaf = next_certificate(in.get());
    if (!leaf) return "the certificate cannot be read";
    if (SSL_CTX_use_certificate(context, leaf.get()) != 1)
        return "the certificate cannot be used; its key is too weak or of an unknown kind";
    for (auto next = next_certificate(in.get()); next; next = next_certificate(in.get())) {
        if (SSL_CTX_add1_chain_cert(context, next.get()) != 1) return "the certificate's chain cannot be used";
    }
    return {};
}

std::string use_key(SSL_CTX* context, const std::string& pem) {
    const auto in = reader_of(pem);
    const Owner<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
    if (!key) return "the private key cannot be read; it must not be encrypted";
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
        return "the private key does not fit the certificate";
    }
    return {};
}

std::string use_client_authorities(SSL_CTX* context, const TlsMaterial& material) {
    if (material.client_ca_pem.empty()) {
        return material.client_certificate_required ? "client certificates are required, but no authority is given for them" : "";
    }
    const auto in = reader_of(material.client_ca_pem);
    int authorities = 0;
    for (auto next = next_certificate(in.get()); next; next = next_certificate(in.get()), ++authorities) {
        const bool added = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), next.get()) == 1;
        if (!added || SSL_CTX_add_client_CA(context, next.get()) != 1) return "the authority of client certificates cannot be used";
    }
    if (authorities == 0) return "the authority of client certificates cannot be read";
    const int required = material.client_certificate_required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nullptr);
    return {};
}

}  // namespace

boost::system::result<TlsContext, std::string> make_context(const TlsMaterial& material) {
    TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    std::string problem;
    if (!context || !settle(context.get())) problem = "TLS cannot be set up: OpenSSL lacks the needed ciphers";
    if (problem.empty()) problem = use_chain(context.get(), material.certificate_chain_pem);
    if (problem.empty()) problem = use_key(context.get(), material.private_key_pem);
    if (problem.empty()) problem = use_client_authorities(context.get(), material);
    ERR_clear_error();
    if (!problem.empty()) return problem;
    return context;
}

std::string client_subject(SSL* connection) {
    const Owner<X509> certificate(SSL_get1_peer_certificate(connection));
    if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return {};
    const Owner<BIO> out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253) < 0) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace imc::api
