#include "agent/cli/port_check.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <charconv>

namespace imc::cli {

std::string refuse_to_listen(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return {};
    std::string host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (parsed.ec != std::errc() || error) return {};
    boost::asio::io_context network;
    boost::asio::ip::tcp::acceptor acceptor(network);
    const boost::asio::ip::tcp::endpoint endpoint(address, port);
    acceptor.open(endpoint.protocol(), error);
    // A computer without IPv6 listens without it, too.
    if (error) return {};
    if (address.is_v6()) acceptor.set_option(boost::asio::ip::v6_only(true), error);
    acceptor.set_option(boost::asio::socket_base::reuse_address(true), error);
    acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(1, error);
    return error ? "The agent could not listen at " + text + ": " + error.message() : std::string();
}

}  // namespace imc::cli
