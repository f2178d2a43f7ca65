#include "shuttle/io/listening.hpp"

#include <boost/asio/ip/v6_only.hpp>
#include <charconv>
#include <optional>

namespace shuttle::io {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::optional<tcp::endpoint> parse_endpoint(const std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string host = text.substr(0, colon);
    const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (brackets) host = host.substr(1, host.size() - 2);
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const auto [rest, number] = std::from_chars(text.data() + colon + 1, end, port);
    error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (error || address.is_v6() != brackets || number != std::errc() || rest != end || port > 65'535) return std::nullopt;
    return tcp::endpoint(address, static_cast<unsigned short>(port));
}

}  // namespace

boost::system::result<tcp::acceptor, std::string> listen_on(const asio::any_io_executor& network, const std::string& address) {
    const auto endpoint = parse_endpoint(address);
    if (!endpoint) return "cannot listen on \"" + address + "\": write it as address:port, such as 0.0.0.0:8443 or [::]:8443";
    error_code error;
    tcp::acceptor acceptor(network);
    acceptor.open(endpoint->protocol(), error);
    if (!error && endpoint->address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error) claim_address(acceptor, error);
    if (!error) acceptor.bind(*endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return "cannot listen on " + address + ": " + error.message();
    return acceptor;
}

std::string text_of(const tcp::endpoint& endpoint) {
    const auto address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

std::string address_text(const tcp::endpoint& endpoint) {
    if (endpoint.address().is_v4()) return endpoint.address().to_string();
    auto address = endpoint.address().to_v6();
    if (address.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, address).to_string();
    address.scope_id(0);
    return address.to_string();
}

}  // namespace shuttle::io
