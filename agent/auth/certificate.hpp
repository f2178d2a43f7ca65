// The agent's certificate: made at first start (ECDSA P-256, self-signed, 397 days), shown by its fingerprint,
// replaced by the user's own, renewed before it expires. What it is not: a certificate authority.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace imc::auth {

struct Certificate {
    std::string chain_pem;
    std::string key_pem;
};

struct CertificateFacts {
    std::string subject;
    std::string issuer;
    std::vector<std::string> names;              // DNS names and addresses
    std::int64_t not_before = 0, not_after = 0;  // Unix seconds
    std::string sha256;                          // of the leaf in DER: "AB:CD:..."
    std::string spki_sha256;                     // of the public key, "sha256:<hex>": survives renewal with the same key
    bool self_signed = false;
};

template <class T>
using Told = boost::system::result<T, std::string>;  // the error is a sentence without secrets

// `key_pem` empty: a new key. Keeping the key keeps pins valid over a renewal.
[[nodiscard]] Told<Certificate> make_self_signed(const std::string& common_name, const std::vector<std::string>& names, std::int64_t now,
                                                 const std::string& key_pem);
[[nodiscard]] Told<std::string> make_request(const std::string& key_pem, const std::string& common_name,
                                             const std::vector<std::string>& names);  // PKCS#10, PEM
[[nodiscard]] Told<CertificateFacts> read(const std::string& chain_pem);
// Key fits the leaf, neither is malformed, not expired at `now`, RSA >= 2048 or EC >= 256.
[[nodiscard]] Told<void> check(const Certificate& certificate, std::int64_t now);
// Self-signed ones are renewed when less than 30 days are left.
[[nodiscard]] bool wants_renewal(const CertificateFacts& facts, std::int64_t now);

// The agent's own pair in its data directory: "certificate.pem" and "certificate.key" (key readable by administrators
// only). Makes it where it is missing, renews it with the same key where due. `made` tells whether it wrote.
struct Owned {
    Certificate certificate;
    bool made = false;
};
[[nodiscard]] Told<Owned> own(const std::string& directory, const std::string& common_name, const std::vector<std::string>& names,
                              std::int64_t now);
// Checks first, then replaces both files of own() in one step each, old ones kept as ".previous".
[[nodiscard]] Told<void> import_pair(const std::string& directory, const Certificate& certificate, std::int64_t now);

}  // namespace imc::auth
