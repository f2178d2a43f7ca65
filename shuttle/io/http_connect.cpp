#include "shuttle/io/http_connect.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/detail/base64.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace shuttle::io {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t largest_head = 16 * 1024;
constexpr std::uint64_t largest_body = 256 * 1024;  // of a page that says why not
constexpr int most_legs = 6;

using Response = http::response<http::string_body>;

Told<void> because(std::string why) {
    return Told<void>(boost::system::in_place_error, std::move(why));
}

std::string base64(const std::string& text) {
    std::string out(beast::detail::base64::encoded_size(text.size()), '\0');
    out.resize(beast::detail::base64::encode(out.data(), text.data(), text.size()));
    return out;
}

bool same_word(std::string_view a, std::string_view b) {
    return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

// What follows the scheme in the proxy's offers; nothing: it does not offer it.
std::optional<std::string> offer_of(const Response& response, std::string_view scheme) {
    for (const auto& field : response) {
        if (field.name() != http::field::proxy_authenticate) continue;
        const std::string_view value(field.value().data(), field.value().size());
        const auto blank = value.find(' ');
        if (!same_word(value.substr(0, blank), scheme)) continue;
        return blank == std::string_view::npos ? std::string() : std::string(value.substr(blank + 1));
    }
    return std::nullopt;
}

class Connecting {
public:
    Connecting(asio::ip::tcp::socket& socket, const Proxy& proxy, const core::HostPort& target)
        : socket_(socket), proxy_(proxy), target_(authority(target)), logins_(proxy.user.empty() ? system_logins(proxy) : none()) {}

    asio::awaitable<Told<void>> run() {
        std::string login = proxy_.user.empty() ? std::string() : "Basic " + base64(proxy_.user + ":" + proxy_.password);
        for (int leg = 0; leg < most_legs; ++leg) {
            const auto exchanged = co_await exchange(login);
            if (!exchanged) co_return exchanged;
            const auto status = response_.result_int();
            if (status >= 200 && status < 300) {
                if (buffer_.size() > 0) co_return because("the proxy sent more than an answer");
                co_return Told<void>();
            }
            if (status != 407) {
                co_return because("the proxy answered " + std::to_string(status) + " " + std::string(response_.reason().substr(0, 60)) +
                                  "; it does not let this computer through to " + target_);
            }
            const auto next = next_leg();
            if (!next) co_return because(wrong_login());
            if (!response_.keep_alive()) co_return because("the proxy asks for a login and ends the connection before it can be given");
            login = *next;
        }
        co_return because("the proxy asks for logins without end");
    }

private:
    static std::vector<std::unique_ptr<ProxyLogin>> none() { return {}; }

    asio::awaitable<Told<void>> exchange(const std::string& login) {
        http::request<http::empty_body> request(http::verb::connect, target_, 11);
        request.set(http::field::host, target_);
        request.set(http::field::user_agent, "imconnector");
        if (!login.empty()) request.set(http::field::proxy_authorization, login);
        const auto [unsent, sent] = co_await http::async_write(socket_, request, asio::as_tuple(asio::use_awaitable));
        if (unsent) co_return because("the proxy could not be asked: " + unsent.message());
        http::response_parser<http::string_body> parser;
        parser.header_limit(largest_head);
        parser.body_limit(largest_body);
        const auto [unread, head] = co_await http::async_read_header(socket_, buffer_, parser, asio::as_tuple(asio::use_awaitable));
        if (unread) co_return because("the proxy did not answer: " + unread.message());
        const auto status = parser.get().result_int();
        if (status < 200 || status >= 300) {
            const auto [cut, body] = co_await http::async_read(socket_, buffer_, parser, asio::as_tuple(asio::use_awaitable));
            if (cut) co_return because("the proxy answered " + std::to_string(status) + " and broke off: " + cut.message());
        }
        response_ = parser.release();
        co_return Told<void>();
    }

    // The login under way goes on, or the first that the proxy offers begins.
    std::optional<std::string> next_leg() {
        for (; at_ < logins_.size(); ++at_) {
            const auto offer = offer_of(response_, logins_[at_]->scheme());
            auto answer = offer ? logins_[at_]->next(*offer) : std::nullopt;
            if (answer) return std::string(logins_[at_]->scheme()) + " " + *answer;
        }
        return std::nullopt;
    }

    std::string wrong_login() const {
        std::string offered;
        for (const auto& field : response_) {
            if (field.name() != http::field::proxy_authenticate) continue;
            const std::string_view value(field.value().data(), field.value().size());
            offered += (offered.empty() ? "" : ", ") + std::string(value.substr(0, std::min<std::size_t>(value.find(' '), 20)));
        }
        if (!proxy_.user.empty()) return "the proxy did not take the user name and password that it was given (it offers " + offered + ")";
        return "the proxy asks for a login (it offers " + offered + ") and none is configured";
    }

    asio::ip::tcp::socket& socket_;
    const Proxy& proxy_;
    std::string target_;
    std::vector<std::unique_ptr<ProxyLogin>> logins_;
    std::size_t at_ = 0;
    beast::flat_buffer buffer_{largest_head + largest_body};
    Response response_;
};

}  // namespace

std::string authority(const core::HostPort& place) {
    const bool v6 = place.host.find(':') != std::string::npos;
    return (v6 ? "[" + place.host + "]" : place.host) + ":" + std::to_string(place.port);
}

asio::awaitable<Told<void>> connect_through(asio::ip::tcp::socket& socket, const Proxy& proxy, core::HostPort target) {
    Connecting connecting(socket, proxy, target);
    co_return co_await connecting.run();
}

}  // namespace shuttle::io
