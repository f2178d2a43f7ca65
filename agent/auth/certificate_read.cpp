#include "agent/auth/certificate.hpp"
#include "agent/auth/pem.hpp"
#include "agent/auth/token.hpp"

#include <array>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstring>
#include <ctime>
#include <openssl/ec.h>
#include <openssl/x509v3.h>

namespace imc::auth {
namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t renewal_days = 30;

std::string text_of(const X509_NAME* name) {
    const Owner<BIO> out(BIO_new(BIO_s_mem()));
    if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::int64_t seconds_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    const std::chrono::year_month_day date{std::chrono::year{parts.tm_year + 1900},
                                           std::chrono::month{static_cast<unsigned>(parts.tm_mon) + 1},
                                           std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
    const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
    return days * day + parts.tm_hour * 3600 + parts.tm_min * 60 + parts.tm_sec;
}

std::string address_of(const ASN1_OCTET_STRING* bytes) {
    const auto* data = ASN1_STRING_get0_data(bytes);
    const auto length = static_cast<std::size_t>(ASN1_STRING_length(bytes));
    if (length == 4) {
        boost::asio::ip::address_v4::bytes_type v4{};
        std::memcpy(v4.data(), data, length);
        return boost::asio::ip::address_v4(v4).to_string();
    }
    if (length == 16) {
        boost::asio::ip::address_v6::bytes_type v6{};
        std::memcpy(v6.data(), data, length);
        return boost::asio::ip::address_v6(v6).to_string();
    }
    return {};
}

std::vector<std::string> names_of(X509* certificate) {
    std::vector<std::string> result;
    const Owner<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int k = 0; names && k < sk_GENERAL_NAME_num(names.get()); ++k) {
        const auto* name = sk_GENERAL_NAME_value(names.get(), k);
        std::string text;
        if (name->type == GEN_DNS) {
            const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
            text.assign(data, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
        } else if (name->type == GEN_IPADD) {
            text = address_of(name->d.iPAddress);
        }
        if (!text.empty()) result.push_back(std::move(text));
    }
    return result;
}

// "ab12..." to "AB:12:...".
std::string colons(const std::string& hex) {
    std::string text;
    for (std::size_t k = 0; k < hex.size(); ++k) {
        if (k > 0 && k % 2 == 0) text.push_back(':');
        text.push_back(hex[k] >= 'a' ? static_cast<char>(hex[k] - ('a' - 'A')) : hex[k]);
    }
    return text;
}

template <class T, class Encode>
std::string der_hash(T* object, Encode encode) {
    unsigned char* der = nullptr;
    const int length = encode(object, &der);
    if (length <= 0) return {};
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(der, [](unsigned char* p) { OPENSSL_free(p); });
    return sha256_hex(std::string_view(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)));
}

CertificateFacts facts_of(X509* leaf) {
    CertificateFacts facts;
    facts.subject = text_of(X509_get_subject_name(leaf));
    facts.issuer = text_of(X509_get_issuer_name(leaf));
    facts.names = names_of(leaf);
    facts.not_before = seconds_of(X509_get0_notBefore(leaf));
    facts.not_after = seconds_of(X509_get0_notAfter(leaf));
    facts.sha256 = colons(der_hash(leaf, i2d_X509));
    facts.spki_sha256 = "sha256:" + der_hash(X509_get_X509_PUBKEY(leaf), i2d_X509_PUBKEY);
    facts.self_signed = X509_self_signed(leaf, 1) == 1;
    forget_openssl_errors();  // a signature that does not verify leaves an error behind
    return facts;
}

// Empty: strong enough.
std::string weakness(EVP_PKEY* key) {
    const int bits = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_is_a(key, "RSA") != 0) {
        return bits >= 2048 ? "" : "the RSA key has " + std::to_string(bits) + " bits; at least 2048 are needed";
    }
    if (EVP_PKEY_is_a(key, "EC") != 0) {
        return bits >= 256 ? "" : "the EC key has " + std::to_string(bits) + " bits; at least 256 are needed";
    }
    return "the key is neither RSA nor EC";
}

}  // namespace

Told<CertificateFacts> read(const std::string& chain_pem) {
    const auto chain = certificates_of(chain_pem);
    if (!chain) return Because{chain.error()};
    return facts_of(chain->front().get());
}

Told<void> check(const Certificate& certificate, std::int64_t now) {
    const auto chain = certificates_of(certificate.chain_pem);
    if (!chain) return Because{chain.error()};
    const auto key = key_of(certificate.key_pem);
    if (!key) return Because{key.error()};
    X509* leaf = chain->front().get();
    if (X509_check_private_key(leaf, key->get()) != 1) {
        forget_openssl_errors();
        return Because{"the private key does not belong to the first certificate"};
    }
    if (const auto weak = weakness(key->get()); !weak.empty()) return Because{weak};
    if (seconds_of(X509_get0_notAfter(leaf)) <= now) return Because{"the certificate has expired"};
    return Told<void>();
}

bool wants_renewal(const CertificateFacts& facts, std::int64_t now) {
    // One from the future was made while the clock was wrong; nobody would accept it.
    return facts.self_signed && (facts.not_after - now < renewal_days * day || facts.not_before > now);
}

}  // namespace imc::auth
