#include "shuttle/io/tls.hpp"

#include "shuttle/io/keys.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace shuttle::io {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

constexpr long ten_years = 3650L * 86'400;

struct Free {
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(BIO* p) const { BIO_free(p); }
    void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
};
template <class T>
using Owner = std::unique_ptr<T, Free>;

std::string content(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string text_of(const X509_NAME* name) {
    const Owner<BIO> bio(BIO_new(BIO_s_mem()));
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    return content(bio.get());
}

bool extend(X509* certificate, int nid, const std::string& value) {
    const Owner<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Only characters of host names and addresses get here: the syntax of extensions has others.
std::string alternative_name(const std::string& name) {
    boost::system::error_code error;
    asio::ip::make_address(name, error);
    return (error ? "DNS:" : "IP:") + name;
}

bool fill(X509* certificate, EVP_PKEY* key, const std::string& name) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(name.data());
    X509_NAME* subject = X509_get_subject_name(certificate);
    const auto serial = static_cast<std::int64_t>(random_bits() >> 2U);
    return X509_set_version(certificate, X509_VERSION_3) == 1 && ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -86'400) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), ten_years) != nullptr &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes, static_cast<int>(std::min<std::size_t>(name.size(), 64)), -1,
                                      0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           extend(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           extend(certificate, NID_key_usage, "critical,digitalSignature") && extend(certificate, NID_ext_key_usage, "serverAuth") &&
           extend(certificate, NID_subject_alt_name, alternative_name(name));
}

TlsContext new_context(ssl::context::method method) {
    auto context = std::make_shared<ssl::context>(method);
    context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                         ssl::context::no_tlsv1_1 | ssl::context::single_dh_use);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
    return context;
}

// Resolves which of value and error a string means.
template <class T>
Told<T> because(std::string why) {
    return Told<T>(boost::system::in_place_error, std::move(why));
}

}  // namespace

Told<Certificate> make_self_signed(const std::string& name) {
    const bool plain = name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:") == std::string::npos;
    if (!plain || name.empty() || name.size() > 253) return because<Certificate>("\"" + name + "\" is no host name or address");
    const Owner<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    const Owner<X509> certificate(X509_new());
    const Owner<BIO> chain(BIO_new(BIO_s_mem()));
    const Owner<BIO> secret(BIO_new(BIO_s_mem()));
    const bool made = key && certificate && chain && secret && fill(certificate.get(), key.get(), name) &&
                      X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0 &&
                      PEM_write_bio_X509(chain.get(), certificate.get()) == 1 &&
                      PEM_write_bio_PKCS8PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1;
    ERR_clear_error();
    if (!made) return because<Certificate>("OpenSSL cannot make a certificate");
    return Certificate{content(chain.get()), content(secret.get())};
}

Told<core::Digest> certificate_digest(const std::string& chain_pem) {
    const Owner<BIO> bio(BIO_new_mem_buf(chain_pem.data(), static_cast<int>(chain_pem.size())));
    const Owner<X509> certificate(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    core::Digest digest{};
    unsigned size = 0;
    const bool good = certificate && X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) == 1;
    ERR_clear_error();
    if (!good) return because<core::Digest>("there is no certificate in PEM form");
    return digest;
}

Told<TlsContext> server_context(const Certificate& certificate) {
    auto context = new_context(ssl::context::tls_server);
    boost::system::error_code error;
    context->use_certificate_chain(asio::buffer(certificate.chain_pem), error);
    if (error) return because<TlsContext>("the certificate cannot be read: " + error.message());
    context->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); }, error);
    context->use_private_key(asio::buffer(certificate.key_pem), ssl::context::pem, error);
    if (error) return because<TlsContext>("the certificate's key cannot be read: " + error.message());
    if (SSL_CTX_check_private_key(context->native_handle()) != 1) return because<TlsContext>("the key does not belong to the certificate");
    SSL_CTX_set_session_cache_mode(context->native_handle(), SSL_SESS_CACHE_OFF);
    return context;
}

Told<TlsContext> client_context(const std::string& ca_file) {
    auto context = new_context(ssl::context::tls_client);
    boost::system::error_code error;
    trust_system(*context, error);
    if (error) return because<TlsContext>("the system's trusted authorities cannot be read: " + error.message());
    if (!ca_file.empty()) context->load_verify_file(ca_file, error);
    if (error) return because<TlsContext>(ca_file + " cannot be read: " + error.message());
    // The result of the check is kept and asked for later.
    SSL_CTX_set_verify(context->native_handle(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    return context;
}

void expect_host(TlsStream& stream, const std::string& host) {
    SSL* connection = stream.native_handle();
    X509_VERIFY_PARAM* parameters = SSL_get0_param(connection);
    boost::system::error_code no_address;
    asio::ip::make_address(host, no_address);
    if (no_address) {
        SSL_set_tlsext_host_name(connection, host.c_str());
        X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), 0);
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
    }
}

SeenCertificate seen_certificate(TlsStream& stream) {
    SeenCertificate seen;
    SSL* connection = stream.native_handle();
    const X509* certificate = SSL_get0_peer_certificate(connection);
    unsigned size = 0;
    if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), seen.sha256.data(), &size) != 1) {
        seen.problem = "no certificate was shown";
        return seen;
    }
    seen.subject = text_of(X509_get_subject_name(certificate));
    seen.issuer = text_of(X509_get_issuer_name(certificate));
    const long result = SSL_get_verify_result(connection);
    if (result != X509_V_OK) seen.problem = X509_verify_cert_error_string(result);
    return seen;
}

}  // namespace shuttle::io
