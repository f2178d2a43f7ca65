#include "agent/auth/certificate.hpp"

#include "agent/auth/pem.hpp"
#include "tests/agent/auth/must.hpp"

#include <catch2/catch.hpp>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

using namespace imc::auth;

namespace {

constexpr std::int64_t day = 86'400;
constexpr std::int64_t now = 1'800'000'000;

Certificate made(const std::string& key = {}) {
    return must(make_self_signed("backup01", {"backup01.acme.example", "192.0.2.7", "2001:db8::7"}, now, key));
}

std::string pem(EVP_PKEY* key) {
    const Owner<EVP_PKEY> owner(key);
    return pem_of(key);
}

}  // namespace

TEST_CASE("A certificate made here names the host, lives 397 days and is good") {
    const auto certificate = made();
    REQUIRE(check(certificate, now));
    const auto facts = must(read(certificate.chain_pem));
    CHECK(facts.subject == "O=ImageManager Connector,CN=backup01");
    CHECK(facts.issuer == facts.subject);
    CHECK(facts.self_signed);
    CHECK(facts.names == std::vector<std::string>{"backup01", "backup01.acme.example", "192.0.2.7", "2001:db8::7"});
    CHECK(facts.not_after - facts.not_before == 397 * day);
    CHECK(facts.not_before <= now);
    CHECK(facts.sha256.size() == 95);
    CHECK(facts.spki_sha256.size() == 71);
}

TEST_CASE("Clients accept it for its names only, and it is no authority") {
    const auto chain = must(certificates_of(made().chain_pem));
    X509* leaf = chain.front().get();
    CHECK(X509_check_host(leaf, "backup01.acme.example", 0, 0, nullptr) == 1);
    CHECK(X509_check_host(leaf, "other.acme.example", 0, 0, nullptr) == 0);
    CHECK(X509_check_ip_asc(leaf, "192.0.2.7", 0) == 1);
    CHECK(X509_check_ip_asc(leaf, "2001:db8::7", 0) == 1);
    CHECK(X509_check_purpose(leaf, X509_PURPOSE_SSL_SERVER, 0) == 1);
    CHECK(X509_check_purpose(leaf, X509_PURPOSE_SSL_CLIENT, 0) == 0);
    CHECK(X509_check_ca(leaf) == 0);
    CHECK(EVP_PKEY_is_a(X509_get0_pubkey(leaf), "EC") == 1);
    CHECK(EVP_PKEY_get_bits(X509_get0_pubkey(leaf)) == 256);
}

TEST_CASE("Renewal with the same key keeps the pin of the key, not the fingerprint") {
    const auto first = made();
    const auto second = made(first.key_pem);
    CHECK(second.key_pem == first.key_pem);
    CHECK(read(second.chain_pem)->spki_sha256 == read(first.chain_pem)->spki_sha256);
    CHECK(read(second.chain_pem)->sha256 != read(first.chain_pem)->sha256);
    CHECK(read(made().chain_pem)->spki_sha256 != read(first.chain_pem)->spki_sha256);
}

TEST_CASE("Names that no certificate can hold are refused, and none can smuggle an extension in") {
    for (const std::string bad : {"", "a b", "a\nb", "\xC3\xA4.example"}) {
        CHECK(make_self_signed("host", {bad}, now, {}).has_error());
        CHECK(make_self_signed(bad, {}, now, {}).has_error());
    }
    const auto odd = make_self_signed("host", {"x,DNS:evil.example"}, now, {});
    const auto chain = must(certificates_of(must(odd).chain_pem));
    CHECK(X509_check_host(chain.front().get(), "evil.example", 0, 0, nullptr) == 0);
}

TEST_CASE("A request carries name, key and alternative names, signed") {
    const auto key = made().key_pem;
    const auto request = must(make_request(key, "backup01", {"backup01.acme.example"}));
    CHECK(request.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
    const Owner<BIO> in(BIO_new_mem_buf(request.data(), static_cast<int>(request.size())));
    const Owner<X509_REQ> parsed(PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr));
    REQUIRE(parsed);
    CHECK(X509_REQ_verify(parsed.get(), X509_REQ_get0_pubkey(parsed.get())) == 1);
    const Owner<STACK_OF(X509_EXTENSION)> extensions(X509_REQ_get_extensions(parsed.get()));
    REQUIRE(extensions);
    CHECK(X509v3_get_ext_by_NID(extensions.get(), NID_subject_alt_name, -1) >= 0);
    CHECK(make_request("no key", "backup01", {}).has_error());
}

TEST_CASE("A pair is checked: key and certificate belong together, have not expired and are strong enough") {
    const auto good = made();
    CHECK(check({good.chain_pem, made().key_pem}, now).error().find("does not belong") != std::string::npos);
    CHECK(check(good, now + 400 * day).error() == "the certificate has expired");
    CHECK(check({"nothing", good.key_pem}, now).error().find("no certificate") != std::string::npos);
    CHECK(check({good.chain_pem, "nothing"}, now).error().find("private key") != std::string::npos);
    auto damaged = good.chain_pem;
    damaged.erase(100, 5);
    CHECK(check({damaged, good.key_pem}, now).has_error());
    const auto broken_chain = good.chain_pem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    CHECK(check({broken_chain, good.key_pem}, now).has_error());
    const auto chain = good.chain_pem + made().chain_pem;
    CHECK(check({chain, good.key_pem}, now));

    const auto strong = must(make_self_signed("host", {}, now, pem(EVP_RSA_gen(2048))));
    CHECK(check(strong, now));
    const auto weak = make_self_signed("host", {}, now, pem(EVP_RSA_gen(1024)));
    CHECK(check(must(weak), now).error() == "the RSA key has 1024 bits; at least 2048 are needed");
    const auto short_curve = make_self_signed("host", {}, now, pem(EVP_EC_gen("P-224")));
    CHECK(check(must(short_curve), now).error() == "the EC key has 224 bits; at least 256 are needed");
}

TEST_CASE("An encrypted key is refused without asking anybody for its password") {
    const auto certificate = made();
    const auto key = must(key_of(certificate.key_pem));
    const Owner<BIO> out(BIO_new(BIO_s_mem()));
    char password[] = "secret";
    REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), password, 6, nullptr, nullptr) == 1);
    char* data = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(out.get(), &data));
    CHECK(check({certificate.chain_pem, std::string(data, size)}, now).error().find("encrypted") != std::string::npos);
}

TEST_CASE("Self-signed certificates are renewed in their last 30 days, others are left alone") {
    CertificateFacts facts;
    facts.not_before = now - day;
    facts.not_after = now + 30 * day;
    facts.self_signed = true;
    CHECK_FALSE(wants_renewal(facts, now));
    CHECK(wants_renewal(facts, now + 1));
    CHECK(wants_renewal(facts, now - 2 * day));
    facts.self_signed = false;
    CHECK_FALSE(wants_renewal(facts, now + 31 * day));
}
