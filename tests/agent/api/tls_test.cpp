#include "tests/agent/api/live_server.hpp"

#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <ctime>
#include <memory>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <random>

using live::Client;
using live::get;
using live::Server;

namespace {

imc::auth::Certificate made(const std::string& name) {
    auto certificate = imc::auth::make_self_signed(name, {}, std::time(nullptr), {});
    if (!certificate) FAIL(certificate.error());
    return *certificate;
}

template <class T, class Function>
auto owned(T* object, Function release) {
    return std::unique_ptr<T, Function>(object, release);
}

template <class Write>
std::string pem(Write write) {
    const auto out = owned(BIO_new(BIO_s_mem()), BIO_free);
    if (write(out.get()) != 1) FAIL("cannot write PEM");
    char* data = nullptr;
    const auto size = static_cast<std::size_t>(BIO_get_mem_data(out.get(), &data));
    return {data, size};
}

// Self-signed and without purpose, as a portal's could be.
imc::auth::Certificate client_certificate(const std::string& name) {
    const auto key = owned(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const auto certificate = owned(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3'600);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    const std::pair<const char*, std::string> parts[] = {{"CN", name}, {"O", "Acme"}};
    for (const auto& [field, value] : parts) {
        X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
    }
    X509_set_issuer_name(certificate.get(), subject);
    X509_set_pubkey(certificate.get(), key.get());
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) FAIL("cannot sign");
    return {pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }),
            pem([&](BIO* out) { return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); })};
}

// What a socket without TLS gets back for `bytes`.
std::string raw(const Server& server, const std::string& bytes) {
    boost::asio::io_context network;
    boost::asio::ip::tcp::socket socket(network);
    socket.connect({boost::asio::ip::address_v4::loopback(), server.port()});
    boost::system::error_code error;
    boost::asio::write(socket, boost::asio::buffer(bytes), error);
    std::string all;
    for (char piece[4'096];;) {
        const auto got = socket.read_some(boost::asio::buffer(piece), error);
        if (error) return all;
        all.append(piece, got);
    }
}

bool one_failure(const imc::api::ServerCounters& counters) {
    return counters.handshake_failures == 1;
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are spoken, older versions and weak ciphers are not") {
    Server server;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        Client::Options options;
        options.tls_version = version;
        CHECK(Client(server, options).ask(get("/echo")));
    }
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        Client::Options options;
        options.tls_version = version;
        CHECK_FALSE(Client(server, options).connected());
    }
    for (const std::string cipher : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256"}) {
        Client::Options options;
        options.tls_version = TLS1_2_VERSION;
        options.ciphers = cipher;
        CHECK_FALSE(Client(server, options).connected());
    }
}

TEST_CASE("HTTP/1.1 is agreed on by name, and who speaks only other protocols is refused") {
    Server server;
    Client::Options both;
    both.alpn = std::string("\x02h2\x08http/1.1");
    CHECK(Client(server, both).protocol() == "http/1.1");
    Client::Options other;
    other.alpn = std::string("\x02h2");
    CHECK_FALSE(Client(server, other).connected());
    CHECK(Client(server).protocol().empty());
}

TEST_CASE("Plain HTTP on the TLS port is told what to do") {
    Server server;
    const auto answer = raw(server, get("/echo"));
    CHECK(answer.starts_with("HTTP/1.1 400 "));
    CHECK(answer.ends_with("use https://.\n"));
    CHECK(server.until(one_failure));
}

TEST_CASE("Bytes that are no TLS end the connection and nothing else") {
    Server server;
    std::mt19937 random(7);
    for (int k = 0; k < 50; ++k) {
        std::string bytes = k % 2 == 0 ? std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) : std::string();
        for (int n = 0; n < 600; ++n) bytes.push_back(static_cast<char>(random()));
        static_cast<void>(raw(server, bytes));
    }
    CHECK(server.until([](const auto& counters) { return counters.open_connections == 0; }));
    CHECK(server.counters().handshake_failures == 50);
    CHECK(Client(server).ask(get("/echo")));
}

TEST_CASE("A renewed certificate is shown to new connections, and open ones go on with theirs") {
    Server server;
    Client before(server);
    REQUIRE(before.ask(get("/echo")));
    server.use(live::material(made("renewed")));
    Client after(server);
    CHECK(after.server_fingerprint() != before.server_fingerprint());
    CHECK(before.ask(get("/echo")));
    CHECK(after.ask(get("/echo")));
}

TEST_CASE("Material that cannot work is refused in a sentence, and the old goes on") {
    Server server;
    auto wrong = live::material(live::certificate());
    wrong.private_key_pem = made("other").key_pem;
    CHECK_THROWS_WITH(server.use(wrong), "the private key does not fit the certificate");
    wrong = live::material(live::certificate());
    wrong.certificate_chain_pem = "rubbish";
    CHECK_THROWS_WITH(server.use(wrong), "the certificate cannot be read");
    wrong = live::material(live::certificate());
    wrong.client_ca_pem = "rubbish";
    CHECK_THROWS_WITH(server.use(wrong), "the authority of client certificates cannot be read");
    wrong.client_ca_pem.clear();
    wrong.client_certificate_required = true;
    CHECK_THROWS(server.use(wrong));
    CHECK(Client(server).ask(get("/echo")));
}

TEST_CASE("A client certificate identifies its owner where it is trusted, and no stranger gets in by another") {
    const auto portal = client_certificate("portal");
    auto tls = live::material(live::certificate());
    tls.client_ca_pem = portal.chain_pem;
    Server server(live::generous(), tls);
    Client nobody(server);
    CHECK(nobody.ask(get("/who"))->body() == "@127.0.0.1");
    Client::Options known;
    known.certificate_pem = portal.chain_pem;
    known.key_pem = portal.key_pem;
    Client owner(server, known);
    CHECK(owner.ask(get("/who"))->body() == "cert:O=Acme,CN=portal@127.0.0.1");
    // A server's certificate is no client's, whoever trusts it; one that nobody trusts is none either.
    for (const auto& other : {made("server"), client_certificate("stranger")}) {
        Client::Options stranger;
        stranger.certificate_pem = other.chain_pem;
        stranger.key_pem = other.key_pem;
        CHECK_FALSE(Client(server, stranger).ask(get("/who")));
    }
}

TEST_CASE("Where client certificates are required nobody comes in without one") {
    auto tls = live::material(live::certificate());
    tls.client_ca_pem = live::certificate().chain_pem;
    tls.client_certificate_required = true;
    Server server(live::generous(), tls);
    CHECK_FALSE(Client(server).ask(get("/who")));
    CHECK(server.until(one_failure));
}
