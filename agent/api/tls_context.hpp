// The TLS settings of the server: 1.2 and 1.3, forward secrecy and authenticated encryption only, HTTP/1.1 by ALPN.
// What it is not: a store of certificates.
#pragma once

#include "agent/api/server.hpp"

#include <boost/system/result.hpp>
#include <memory>
#include <openssl/ssl.h>
#include <string>

namespace imc::api {

using TlsContext = std::shared_ptr<SSL_CTX>;

// The error is a sentence without secrets.
[[nodiscard]] boost::system::result<TlsContext, std::string> make_context(const TlsMaterial& material);
// Of the verified client certificate, RFC 2253; empty without one.
[[nodiscard]] std::string client_subject(SSL* connection);

}  // namespace imc::api
