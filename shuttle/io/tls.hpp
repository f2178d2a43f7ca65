// TLS for both ends of a tunnel and for the relay's ports: contexts, the system's trusted authorities, and what a peer showed.
// What it is not: the judge of a peer's certificate; a tunnel's peer is known by its key (core/identity.hpp), so the handshake
// takes any certificate and whoever asked for it decides afterwards.
#pragma once

#include "shuttle/core/identity.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <vector>

namespace shuttle::io {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;
using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
template <class T>
using Told = boost::system::result<T, std::string>;  // the error is a sentence without secrets

struct Certificate {
    std::string chain_pem;
    std::string key_pem;
};
// P-256, for ten years: those who know the relay by its key need no renewal. `name`: a host name or address.
[[nodiscard]] Told<Certificate> make_self_signed(const std::string& name);
[[nodiscard]] Told<core::Digest> certificate_digest(const std::string& chain_pem);  // SHA-256 of the first one's DER

// TLS 1.2 and 1.3.
[[nodiscard]] Told<TlsContext> server_context(const Certificate& certificate);
// Trusts what the system trusts and the PEM file `ca_file`, if any. The handshake goes on with any certificate.
[[nodiscard]] Told<TlsContext> client_context(const std::string& ca_file);
// Names the host for SNI and for the judgement, before the handshake.
void expect_host(TlsStream& stream, const std::string& host);

struct SeenCertificate {
    core::Digest sha256{};
    std::string subject;  // RFC 2253
    std::string issuer;
    std::string problem;  // why this computer does not trust it for the host; empty: it does
};
[[nodiscard]] SeenCertificate seen_certificate(TlsStream& stream);

// trust_store_posix.cpp, trust_store_win32.cpp
void trust_system(boost::asio::ssl::context& context, boost::system::error_code& error);

}  // namespace shuttle::io
