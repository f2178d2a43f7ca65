// A socket of Asio as OpenSSL sees one: reads and writes without waiting. What it is not: an owner; the socket must be
// non-blocking and outlive the BIO.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <openssl/bio.h>

namespace imc::api {

[[nodiscard]] BIO* socket_bio(boost::asio::ip::tcp::socket& socket);  // null: out of memory

}  // namespace imc::api
