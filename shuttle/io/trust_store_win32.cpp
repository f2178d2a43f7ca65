#include "shuttle/io/tls.hpp"

#include <memory>
#include <openssl/err.h>
#include <openssl/x509.h>

// After OpenSSL, whose names windows.h takes for macros of its own otherwise.
#include <wincrypt.h>
#include <windows.h>

namespace shuttle::io {
namespace {

struct CloseStore {
    void operator()(void* store) const { CertCloseStore(store, 0); }
};

}  // namespace

// The computer's and the user's root authorities: those that an administrator, or a middlebox's installer, has put there.
void trust_system(boost::asio::ssl::context& context, boost::system::error_code& error) {
    const std::unique_ptr<void, CloseStore> roots(CertOpenSystemStoreW(0, L"ROOT"));
    if (!roots) {
        error.assign(static_cast<int>(GetLastError()), boost::system::system_category());
        return;
    }
    X509_STORE* trusted = SSL_CTX_get_cert_store(context.native_handle());
    const CERT_CONTEXT* found = nullptr;
    while ((found = CertEnumCertificatesInStore(roots.get(), found)) != nullptr) {
        const unsigned char* bytes = found->pbCertEncoded;
        X509* certificate = d2i_X509(nullptr, &bytes, static_cast<long>(found->cbCertEncoded));
        if (certificate != nullptr) X509_STORE_add_cert(trusted, certificate);  // one that is there already is no error
        X509_free(certificate);
    }
    ERR_clear_error();
    error.clear();
}

}  // namespace shuttle::io
