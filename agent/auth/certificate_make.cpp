#include "agent/auth/certificate.hpp"
#include "agent/auth/pem.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace imc::auth {
namespace {

constexpr std::int64_t lifetime = 397LL * 86'400;  // seconds; browsers refuse more than 398 days
constexpr std::int64_t clock_slack = 3'600;        // seconds that a caller's clock may be behind
constexpr std::size_t longest_common_name = 64;    // of X.520
constexpr const char* organization = "ImageManager Connector";

Told<Owner<EVP_PKEY>> given_or_new_key(const std::string& pem) {
    if (!pem.empty()) return key_of(pem);
    Owner<EVP_PKEY> key(EVP_EC_gen("P-256"));
    if (!key) return openssl_problem("a key cannot be made");
    return key;
}

bool add_entry(X509_NAME* name, const char* field, const std::string& text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, bytes, static_cast<int>(text.size()), -1, 0) == 1;
}

bool fill_subject(X509_NAME* name, const std::string& common_name) {
    return add_entry(name, "CN", common_name.substr(0, longest_common_name)) && add_entry(name, "O", organization);
}

// Extensions that take a subject or issuer are told none: all of these stand for themselves.
Owner<X509_EXTENSION> extension(int nid, const char* value) {
    return Owner<X509_EXTENSION>(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
}

bool add_name(GENERAL_NAMES* names, const std::string& text) {
    GENERAL_NAME* name = GENERAL_NAME_new();
    if (name == nullptr) return false;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(text, error);
    ASN1_STRING* value = nullptr;
    int set = 0;
    if (error) {
        value = ASN1_IA5STRING_new();
        set = value == nullptr ? 0 : ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
    } else {
        value = ASN1_OCTET_STRING_new();
        const auto put = [&](const auto& bytes) { return ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size())); };
        if (value != nullptr) set = address.is_v4() ? put(address.to_v4().to_bytes()) : put(address.to_v6().to_bytes());
    }
    GENERAL_NAME_set0_value(name, error ? GEN_DNS : GEN_IPADD, value);
    if (set == 1 && sk_GENERAL_NAME_push(names, name) > 0) return true;
    GENERAL_NAME_free(name);
    return false;
}

// Not as text of X509V3_EXT_conf_nid(), in whose syntax a name could add extensions of its own.
Owner<X509_EXTENSION> alternative_names(const std::string& common_name, std::vector<std::string> names) {
    if (std::find(names.begin(), names.end(), common_name) == names.end()) names.insert(names.begin(), common_name);
    const Owner<GENERAL_NAMES> list(GENERAL_NAMES_new());
    for (const auto& name : names) {
        if (!list || !add_name(list.get(), name)) return nullptr;
    }
    return Owner<X509_EXTENSION>(X509V3_EXT_i2d(NID_subject_alt_name, 0, list.get()));
}

std::vector<Owner<X509_EXTENSION>> extensions(const std::string& common_name, const std::vector<std::string>& names) {
    std::vector<Owner<X509_EXTENSION>> result;
    result.push_back(extension(NID_basic_constraints, "critical,CA:FALSE"));
    result.push_back(extension(NID_key_usage, "critical,digitalSignature"));
    result.push_back(extension(NID_ext_key_usage, "serverAuth"));
    result.push_back(alternative_names(common_name, names));
    return result;
}

bool random_serial(X509* certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7FU) | 0x40U);  // positive and of full length
    const Owner<BIGNUM> number(BN_bin2bn(bytes, sizeof bytes, nullptr));
    const Owner<ASN1_INTEGER> serial(number ? BN_to_ASN1_INTEGER(number.get(), nullptr) : nullptr);
    return serial && X509_set_serialNumber(certificate, serial.get()) == 1;
}

// A name that cannot be in a certificate; empty: all can.
std::string unfit(const std::string& common_name, const std::vector<std::string>& names) {
    auto all = names;
    all.push_back(common_name);
    for (const auto& name : all) {
        const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F; });
        if (name.empty() || name.size() > 253 || !plain) return "\"" + name + "\" is no host name or address";
    }
    return {};
}

}  // namespace

Told<Certificate> make_self_signed(const std::string& common_name, const std::vector<std::string>& names, std::int64_t now,
                                   const std::string& key_pem) {
    if (auto bad = unfit(common_name, names); !bad.empty()) return Because{bad};
    const auto key = given_or_new_key(key_pem);
    if (!key) return Because{key.error()};
    const Owner<X509> certificate(X509_new());
    X509* c = certificate.get();
    const auto begin = static_cast<time_t>(now - clock_slack);
    const auto end = static_cast<time_t>(now - clock_slack + lifetime);
    bool made = c != nullptr && X509_set_version(c, X509_VERSION_3) == 1 && random_serial(c) &&
                ASN1_TIME_set(X509_getm_notBefore(c), begin) != nullptr && ASN1_TIME_set(X509_getm_notAfter(c), end) != nullptr &&
                fill_subject(X509_get_subject_name(c), common_name) && X509_set_issuer_name(c, X509_get_subject_name(c)) == 1 &&
                X509_set_pubkey(c, key->get()) == 1;
    for (const auto& each : extensions(common_name, names)) made = made && each && X509_add_ext(c, each.get(), -1) == 1;
    if (!made || X509_sign(c, key->get(), EVP_sha256()) <= 0) return openssl_problem("the certificate cannot be made");
    Certificate result{pem_of(c), pem_of(key->get())};
    if (result.chain_pem.empty() || result.key_pem.empty()) return openssl_problem("the certificate cannot be written as PEM");
    return result;
}

Told<std::string> make_request(const std::string& key_pem, const std::string& common_name, const std::vector<std::string>& names) {
    if (auto bad = unfit(common_name, names); !bad.empty()) return Because{bad};
    const auto key = key_of(key_pem);
    if (!key) return Because{key.error()};
    const Owner<X509_REQ> request(X509_REQ_new());
    const Owner<STACK_OF(X509_EXTENSION)> list(sk_X509_EXTENSION_new_null());
    for (auto& each : extensions(common_name, names)) {
        if (list && each && sk_X509_EXTENSION_push(list.get(), each.get()) > 0) static_cast<void>(each.release());
    }
    const bool made = request && list && sk_X509_EXTENSION_num(list.get()) == 4 &&
                      fill_subject(X509_REQ_get_subject_name(request.get()), common_name) &&
                      X509_REQ_add_extensions(request.get(), list.get()) == 1 && X509_REQ_set_pubkey(request.get(), key->get()) == 1;
    if (!made || X509_REQ_sign(request.get(), key->get(), EVP_sha256()) <= 0) return openssl_problem("the request cannot be made");
    auto pem = pem_of(request.get());
    if (pem.empty()) return openssl_problem("the request cannot be written as PEM");
    return told(std::move(pem));
}

}  // namespace imc::auth
