#include "agent/auth/pem.hpp"

#include <climits>
#include <openssl/err.h>
#include <openssl/pem.h>

namespace imc::auth {
namespace {

constexpr std::size_t longest_chain = 16;

// An encrypted key is refused; OpenSSL's own callback would ask the terminal.
int no_password(char*, int, int, void*) {
    return -1;
}

Owner<BIO> reader_of(const std::string& text) {
    const auto size = text.size() > INT_MAX ? 0 : static_cast<int>(text.size());
    return Owner<BIO>(BIO_new_mem_buf(text.data(), size));
}

template <class Write>
std::string written(Write write) {
    const Owner<BIO> out(BIO_new(BIO_s_mem()));
    if (!out || write(out.get()) != 1) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

Because openssl_problem(const std::string& what) {
    const auto code = ERR_peek_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return {reason == nullptr ? what : what + ": " + reason};
}

void forget_openssl_errors() {
    ERR_clear_error();
}

Told<std::vector<Owner<X509>>> certificates_of(const std::string& pem) {
    const auto in = reader_of(pem);
    std::vector<Owner<X509>> chain;
    while (in && chain.size() < longest_chain) {
        Owner<X509> next(PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr));
        if (!next) break;
        chain.push_back(std::move(next));
    }
    // Reading ends by an error in any case; "no start line" is how the end of the text is told.
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (chain.empty()) {
        if (!at_end) return openssl_problem("the certificate is malformed");
        ERR_clear_error();
        return Because{"there is no certificate in PEM format (\"-----BEGIN CERTIFICATE-----\")"};
    }
    if (!at_end && chain.size() < longest_chain) return openssl_problem("a certificate of the chain is malformed");
    ERR_clear_error();
    return chain;
}

Told<Owner<EVP_PKEY>> key_of(const std::string& pem) {
    if (pem.find("ENCRYPTED") != std::string::npos) return Because{"the private key is encrypted; give it without a password"};
    const auto in = reader_of(pem);
    Owner<EVP_PKEY> key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr) : nullptr);
    ERR_clear_error();  // reasons may quote what was read
    if (!key) return Because{"there is no readable private key in PEM format (\"-----BEGIN PRIVATE KEY-----\")"};
    return key;
}

std::string pem_of(X509* certificate) {
    return written([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string pem_of(X509_REQ* request) {
    return written([&](BIO* out) { return PEM_write_bio_X509_REQ(out, request); });
}

std::string pem_of(EVP_PKEY* key) {
    return written([&](BIO* out) { return PEM_write_bio_PKCS8PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace imc::auth
