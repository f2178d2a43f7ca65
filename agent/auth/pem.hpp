// OpenSSL's objects with owners, and their way from and to PEM. Internal to agent/auth. What it is not: a place
// where keys are kept. Errors are sentences without secrets; no function ever asks a terminal for a password.
#pragma once

#include "agent/auth/told.hpp"

#include <memory>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

namespace imc::auth {

struct Free {
    void operator()(BIO* p) const { BIO_free(p); }
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(X509_REQ* p) const { X509_REQ_free(p); }
    void operator()(X509_NAME* p) const { X509_NAME_free(p); }
    void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
    void operator()(GENERAL_NAMES* p) const { GENERAL_NAMES_free(p); }
    void operator()(STACK_OF(X509_EXTENSION) * p) const { sk_X509_EXTENSION_pop_free(p, X509_EXTENSION_free); }
    void operator()(BIGNUM* p) const { BN_free(p); }
    void operator()(ASN1_INTEGER* p) const { ASN1_INTEGER_free(p); }
};
template <class T>
using Owner = std::unique_ptr<T, Free>;

// "what: reason of OpenSSL", to be returned; empties OpenSSL's list of errors.
[[nodiscard]] Because openssl_problem(const std::string& what);
// Empties it without a word, where a failure was expected.
void forget_openssl_errors();

[[nodiscard]] Told<std::vector<Owner<X509>>> certificates_of(const std::string& pem);  // leaf first, at least one
[[nodiscard]] Told<Owner<EVP_PKEY>> key_of(const std::string& pem);
[[nodiscard]] std::string pem_of(X509* certificate);
[[nodiscard]] std::string pem_of(X509_REQ* request);
[[nodiscard]] std::string pem_of(EVP_PKEY* key);  // PKCS#8, not encrypted

}  // namespace imc::auth
